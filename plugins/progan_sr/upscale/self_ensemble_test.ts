import assert from "node:assert/strict";
import { tf } from "../../../core/mod.ts";
import { enlarge as bicubic } from "../pairs.ts";
import { selfEnsemble } from "./self_ensemble.ts";
import type { Enlarger } from "./upscale.ts";

await tf.setBackend("cpu");

/** What the network adds at a row and a column of its output; without any symmetry. */
const added = (y: number, x: number) => y + 10 * x + x * x * y / 50;

/** Bicubic plus {@linkcode added}. */
const slanted: Enlarger = {
  scale: 2,
  channels: 1,
  reach: 2,
  enlarge(low) {
    const high = bicubic(low, 2), [, height, width] = high.shape;
    const values = Array.from(
      { length: height * width },
      (_, i) => added(Math.floor(i / width), i % width),
    );
    return tf.add(high, tf.tensor4d(values, [1, height, width, 1]));
  },
};

Deno.test("selfEnsemble() is the mean of the eight ways of a square, turned back", () => {
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const [h, w] = [3, 5], [height, width] = [2 * h, 2 * w];
    const low = tf.tensor4d(Array.from({ length: h * w }, (_, i) => Math.sin(i)), [1, h, w, 1]);
    const ours = selfEnsemble(slanted).enlarge(low);
    assert.deepEqual(ours.shape, [1, height, width, 1]);
    const values = ours.dataSync();
    const smooth = bicubic(low, 2).dataSync(); // the same in all eight ways
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const ways = [y, height - 1 - y].flatMap((a) =>
          [x, width - 1 - x].flatMap((b) => [added(a, b), added(b, a)])
        );
        const expected = smooth[y * width + x]! + ways.reduce((a, b) => a + b) / 8;
        assert.ok(Math.abs(values[y * width + x]! - expected) < 1e-4, `${y}, ${x}`);
      }
    }
  });
  assert.equal(tf.memory().numTensors, before);
});

Deno.test("selfEnsemble() has each of the eight ways once", () => {
  const seen = new Set<string>();
  const spy: Enlarger = {
    ...slanted,
    enlarge(low) {
      seen.add(`${low.shape} ${[...low.dataSync()]}`);
      return bicubic(low, 2);
    },
  };
  tf.tidy(() => selfEnsemble(spy).enlarge(tf.tensor4d([1, 2, 3, 4, 5, 6], [1, 2, 3, 1])));
  assert.equal(seen.size, 8);
});
