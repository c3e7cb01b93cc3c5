import assert from "node:assert/strict";
import { tf } from "../../../core/mod.ts";
import { enlarge as bicubic } from "../pairs.ts";
import { largestDifference, pixels } from "./test_pictures.ts";
import type { Pixels } from "./tiles.ts";
import { type Enlarger, fitted, repeatsOf, upscale } from "./upscale.ts";
import { network } from "./test_network.ts";

Deno.test(
  "upscale() repeats the network, and works on grey, two-channel-grey and colour " +
    "alike",
  async () => {
    for (
      const [channels, hasOpacity, scale] of [[1, false, 2], [1, true, 2], [3, true, 4]] as const
    ) {
      const opacity = hasOpacity ? pixels(7, 5, 1) : undefined;
      const fractions: number[] = [];
      const result = await upscale(
        { color: pixels(7, 5, channels), opacity },
        network,
        { scale, side: 4, onProgress: (f) => fractions.push(f) },
      );
      assert.deepEqual([result.color.width, result.color.channels], [7 * scale, channels]);
      assert.equal(result.color.data.length, 35 * scale * scale * channels);
      assert.equal(result.opacity?.data.length, hasOpacity ? 35 * scale * scale : undefined);
      assert(
        fractions.every((f, i) => f > (fractions[i - 1] ?? 0)) &&
          Math.abs(fractions.at(-1)! - 1) < 1e-9,
      );
    }
    assert.equal(repeatsOf(8, 2), 3);
    assert.throws(() => repeatsOf(6, 2), /--scale 6/);
    assert.throws(() => repeatsOf(8, 4), /power of the run's scale 4/);
  },
);

Deno.test(
  "upscale() leaves no fringe of what is hidden, however often the network is " +
    "repeated",
  async () => {
    const width = 40, height = 20, reach = 3;
    const white = Uint8Array.from( // 6×6 px, surrounded by hidden black
      { length: width * height },
      (_, i) => i % width >= 17 && i % width < 23 && i >= 7 * width && i < 13 * width ? 255 : 0,
    );
    const image: Pixels = { data: white, width, height, channels: 1 };
    for (const [scale, repeats] of [[2, 1], [2, 2], [2, 3], [4, 2]] as const) {
      const mean: Enlarger = { // over the whole receptive field
        scale,
        channels: 1,
        reach,
        enlarge: (low) => {
          const [, h, w] = low.shape, means = tf.avgPool(low, 2 * reach + 1, 1, "same");
          return tf.image.resizeNearestNeighbor(means, [h * scale, w * scale]);
        },
      };
      const picture = {
        color: image,
        opacity: image,
      };
      const { color, opacity } = await upscale(picture, mean, { scale: scale ** repeats, side: 0 });
      const visible = color.data.filter((_, i) => opacity!.data[i]! > 0);
      assert(visible.length >= 36 * scale ** (2 * repeats));
      assert.equal(Math.min(...new Set(visible)), 255, `${scale} to the power of ${repeats}`);
    }
  },
);

Deno.test("upscale() of 16 bits answers with 16 bits that 8 could not hold", async () => {
  const shallow = pixels(7, 5, 3),
    deep = { ...shallow, data: Uint16Array.from(shallow.data, (v) => 257 * v) };
  const options = { scale: 2, side: 0 };
  const [eight, sixteen] = [
    await upscale({ color: shallow }, network, options),
    await upscale({ color: deep }, network, options),
  ];
  assert(sixteen.color.data instanceof Uint16Array);
  const reduced = Array.from(sixteen.color.data, (v) => v / 257);
  assert(largestDifference(reduced, eight.color.data) <= 0.51, "the same but for rounding");
  assert(reduced.some((v) => Math.abs(v - Math.round(v)) > 0.2));
});

Deno.test("a grey network by luma corrects colours alike, and greys as it does a grey picture", () => {
  const grey: Enlarger = {
    scale: 2,
    channels: 1,
    reach: 2,
    colors: "luma",
    enlarge: (low) => tf.add(bicubic(low, 2), tf.square(bicubic(low, 2))),
  };
  tf.tidy(() => {
    const { data, width, height } = pixels(7, 5, 3);
    const low = tf.tensor4d(Float32Array.from(data, (v) => v / 127.5 - 1), [1, height, width, 3]);
    const luma = low.mul([0.299, 0.587, 0.114]).sum(3, true) as tf.Tensor4D;
    const expected = tf.add(bicubic(low, 2), tf.square(bicubic(luma, 2)));
    const close = (a: tf.Tensor, b: tf.Tensor) =>
      assert(tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]! < 1e-5);
    close(fitted(grey, 3)(low), expected);
    const same = tf.concat([luma, luma, luma], 3), one = grey.enlarge(luma);
    close(fitted(grey, 3)(same), tf.concat([one, one, one], 3));
    const { colors: _, ...each } = grey;
    const apart = tf.add(bicubic(low, 2), tf.square(bicubic(low, 2)));
    close(fitted(each, 3)(low), apart);
  });
});
