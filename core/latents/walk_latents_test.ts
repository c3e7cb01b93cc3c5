import assert from "node:assert/strict";
import { Random, seedFor } from "../random.ts";
import { slerp, walkLatents } from "./walk_latents.ts";

const length = (v: Float32Array) => Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
const near = (a: number, b: number) => assert.ok(Math.abs(a - b) < 1e-6, `${a} is not ${b}`);

Deno.test("slerp() turns at an even pace and keeps the length", () => {
  const a = Float32Array.of(2, 0), b = Float32Array.of(0, 2);
  for (const [t, degrees] of [[0, 0], [1 / 3, 30], [0.5, 45], [1, 90]] as const) {
    const [x, y] = slerp(a, b, t), angle = degrees * Math.PI / 180;
    near(x!, 2 * Math.cos(angle));
    near(y!, 2 * Math.sin(angle));
  }
});

Deno.test("slerp() between normal latents never shortens as a line would", () => {
  const a = new Random(seedFor(1, "a")).normals(64), b = new Random(seedFor(2, "b")).normals(64);
  const least = Math.min(length(a), length(b));
  assert.ok(length(slerp(a, b, 0.5)) > 0.95 * least);
  assert.ok(length(a.map((x, i) => (x + b[i]!) / 2)) < 0.85 * least);
});

Deno.test("slerp() of one direction is a line, not NaN", () => {
  assert.deepEqual(slerp(Float32Array.of(1, 0), Float32Array.of(3, 0), 0.5), Float32Array.of(2, 0));
  assert.ok(slerp(Float32Array.of(0, 0), Float32Array.of(1, 0), 0.5).every(Number.isFinite));
});

Deno.test("walkLatents() passes every key, and leads back where it loops", () => {
  const keys = [Float32Array.of(1, 0), Float32Array.of(0, 1), Float32Array.of(-1, 0)];
  const open = walkLatents(keys, 4, false), loop = walkLatents(keys, 4, true);
  assert.deepEqual([open.length, loop.length], [9, 12]);
  for (const [i, key] of keys.entries()) {
    for (const way of [open, loop]) way[4 * i]!.forEach((x, c) => near(x, key[c]!));
  }
});
