import assert from "node:assert/strict";
import { laplacianPyramid, pyramidDown, pyramidLevels, pyramidUp } from "./laplacian_pyramid.ts";
import expected from "./testdata/expected.json" with { type: "json" };
import { pattern } from "./testdata/pattern.ts";

function images(seed: number, count: number, resolution: number, channels: number) {
  const data = Float32Array.from(pattern(seed, [count, resolution, resolution, channels]));
  return { data, resolution, channels };
}

Deno.test("laplacianPyramid() agrees with 2-D convolution in NumPy", () => {
  const wanted = expected.swd[0]!;
  const levels = laplacianPyramid(images(1, wanted.images, 32, 3), 2);
  assert.equal(levels.length, wanted.levels.length);
  for (const [i, level] of levels.entries()) {
    const { probe, sumOfSquares, resolution } = wanted.levels[i]!;
    assert.equal(level.resolution, resolution);
    const lastImage = level.data.length - resolution * resolution * 3, row = resolution * 3;
    for (const [x, value] of probe.entries()) {
      assert.ok(Math.abs(level.data[lastImage + row + x * 3]! - value) < 1e-4);
    }
    const squares = level.data.reduce((sum, value) => sum + value * value, 0);
    assert.ok(Math.abs(squares / sumOfSquares - 1) < 1e-6, `${squares} for ${sumOfSquares}`);
  }
});

Deno.test("laplacianPyramid() can be put together again", () => {
  const original = images(1, 2, 32, 3), levels = laplacianPyramid(original, 3);
  let built = levels.pop()!;
  for (const level of levels.reverse()) {
    const data = pyramidUp(built).data.map((value, i) => value + level.data[i]!);
    built = { ...level, data };
  }
  assert.equal(built.data.length, original.data.length);
  for (const [i, value] of built.data.entries()) {
    assert.ok(Math.abs(value - original.data[i]!) < 1e-3);
  }
});

Deno.test("pyramidDown() and pyramidUp() keep a constant image, edges too", () => {
  const constant = { data: new Float32Array(8 * 8).fill(100), resolution: 8, channels: 1 };
  assert.deepEqual([...pyramidDown(constant).data], Array(16).fill(100));
  assert.deepEqual([...pyramidUp(constant).data], Array(256).fill(100));
});

Deno.test("laplacianPyramid() leaves its input as it is", () => {
  const input = images(1, 1, 16, 1), before = input.data.slice();
  for (const levels of [1, 2]) laplacianPyramid(input, levels)[0]!.data.fill(0);
  assert.deepEqual(input.data, before);
});

Deno.test("pyramidLevels() goes down to 16 px, and takes one level below", () => {
  assert.deepEqual([4, 8, 16, 32, 64, 1024].map(pyramidLevels), [1, 1, 1, 2, 3, 7]);
});

Deno.test("laplacianPyramid() names a resolution that can't be halved", () => {
  assert.throws(() => laplacianPyramid(images(1, 1, 6, 1), 3), /received 3 levels of 6 px/);
});
