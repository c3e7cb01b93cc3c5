import assert from "node:assert/strict";
import { downsampleAverage, tf } from "../../../core/mod.ts";
import { selectBackend } from "../../../core/backend/mod.ts";
import { boxView, shownBox } from "./box_view.ts";

await selectBackend({ name: "cpu" });

Deno.test("a box covers three quarters of its frame on its longer side, and pixels by their share", () =>
  void tf.tidy(() => {
    const view = boxView(tf.tensor2d([[0.2, 0.9, 0.6, 0.3]]), 8);
    assert.deepEqual(view.shape, [1, 8, 8, 1]);
    // 6 px wide and 3 px high, centred: columns 1 to 6, rows 2.5 to 5.5
    const rows = [0, 0, 0.5, 1, 1, 0.5, 0, 0], columns = [0, 1, 1, 1, 1, 1, 1, 0];
    view.dataSync().forEach((value, i) => {
      const share = rows[i >> 3]! * columns[i & 7]!;
      assert.ok(Math.abs(value - (2 * share - 1)) < 1e-5, `${i}: ${value}`);
    });
    // a dot's frame is an eighth of the drawing, so the dot does not fill it
    const dot = boxView(tf.tensor2d([[0.5, 0.5, 1 / 64, 1 / 64]]), 8).dataSync();
    assert.ok(Math.abs(tf.mean(tf.tensor1d(dot)).dataSync()[0]! - (2 / 64 - 1)) < 1e-5);
  }));

Deno.test("a box at half the resolution is the average of 2×2 px; fading begins with it", () =>
  void tf.tidy(() => {
    const boxes = tf.tensor2d([[0.2, 0.9, 0.37, 0.71], [0.5, 0.5, 0.02, 0.3]]);
    const apart = (a: tf.Tensor, b: tf.Tensor) => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]!;
    const half = boxView(boxes, 8);
    assert.ok(apart(downsampleAverage(boxView(boxes, 16)), half) < 1e-5);
    assert.ok(apart(downsampleAverage(shownBox(boxes, 16, 0)), half) < 1e-5);
    assert.ok(apart(shownBox(boxes, 16, 1), boxView(boxes, 16)) < 1e-6);
  }));
