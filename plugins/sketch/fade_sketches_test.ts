import assert from "node:assert/strict";
import { downsampleAverage, tf } from "../../core/mod.ts";
import { selectBackend } from "../../core/backend/mod.ts";
import { fadeSketches, reduceSketches } from "./fade_sketches.ts";

await selectBackend({ name: "cpu" });

/** A vertical line, `width` px wide, starting at column `from`; ink is 1, paper -1. */
function line(side: number, from: number, width: number): tf.Tensor4D {
  const data = Float32Array.from({ length: side * side }, (_, i) => {
    const covered = Math.min(i % side + 1, from + width) - Math.max(i % side, from);
    return 2 * Math.max(0, Math.min(1, covered)) - 1;
  });
  return tf.tensor4d(data, [1, side, side, 1]);
}

/** Mean ink, 0 … 1. */
const inkOf = (image: tf.Tensor) => (tf.mean(image).dataSync()[0]! + 1) / 2;

Deno.test("reduced lines have the ink of lines drawn at the smaller resolution", () =>
  void tf.tidy(() => {
    for (const side of [8, 16, 32]) {
      const small = inkOf(line(side / 2, 2, 1)); // 1 px wide at both resolutions
      assert.ok(Math.abs(inkOf(reduceSketches(line(side, 4, 1))) / small - 1) < 1e-5);
    }
    const small = inkOf(line(32, 2, 1)); // at 64 px lines are 64/35 px wide
    assert.ok(Math.abs(inkOf(reduceSketches(line(64, 4, 64 / 35))) / small - 64 / 70) < 1e-5);
  }));

Deno.test("a fade begins with the sketch before and ends with the sketch itself", () =>
  void tf.tidy(() => {
    const sketch = line(16, 4, 1);
    assert.deepEqual([...fadeSketches(sketch, 1).dataSync()], [...sketch.dataSync()]);
    const first = fadeSketches(sketch, 0);
    assert.deepEqual(first.shape, sketch.shape);
    // The input layers of the previous resolution reduce it to exactly the raster of that
    // resolution.
    const seen = downsampleAverage(first), reduced = reduceSketches(sketch);
    assert.deepEqual([...seen.dataSync()], [...reduced.dataSync()]);
  }));
