import assert from "node:assert/strict";
import { stateDigest } from "./digest.ts";
import { storedTensor, type StoredTensors } from "./tensors.ts";
import { contents } from "./test_data.ts";

Deno.test("stateDigest() tells shapes, kinds, names and files apart, not the order of keys", () => {
  const { imagesSeen, meta } = contents(64);
  const digest = (files: Record<string, StoredTensors>) => stateDigest(imagesSeen, files, meta);
  const values = Float32Array.of(1, 2, 3, 4), bits = new Int32Array(values.buffer);
  const a = storedTensor(values, [2, 2]), b = storedTensor(values, [4]);
  const all = [
    { "g.safetensors": { a, b } },
    { "g.safetensors": { a: b, b } },
    { "g.safetensors": { a, c: b } },
    { "g.safetensors": { a: storedTensor(bits, [2, 2]), b } },
    { "h.safetensors": { a, b } },
    { "g.safetensors": { a }, "h.safetensors": { b } },
  ].map(digest);
  assert.equal(new Set(all).size, all.length);
  assert.equal(digest({ "g.safetensors": { b, a } }), all[0]);
});
