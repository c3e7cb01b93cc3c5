import assert from "node:assert/strict";
import { fadeParts } from "./fade_parts.ts";

Deno.test("fadeParts() puts both paths, their blend and their distance beside each other", () => {
  const image = (...values: number[]) => ({ data: Float32Array.from(values), shape: [1, 1, 2, 1] });
  const { data, shape } = fadeParts(image(-1, 0.5), image(1, 0.5), image(0, 0.5));
  assert.deepEqual(shape, [4, 1, 2, 1]);
  assert.deepEqual([...data], [-1, 0.5, 1, 0.5, 0, 0.5, 1, -1]);
});
