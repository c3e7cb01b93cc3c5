import assert from "node:assert/strict";
import { Random, seedFor, tf, withSeed } from "../../core/mod.ts";
import { testPlugin } from "../../core/testing/mod.ts";
import diffAugment, { cutOut, jitterColour, translate } from "./diff_augment.ts";

testPlugin(diffAugment, { values: { resolution: 8 } });

await tf.setBackend("cpu");
const seeded = <T>(fn: () => T) => withSeed(seedFor(5, "diff"), fn);
const SIDE = 8, N = 16;
const noise = () =>
  tf.tensor4d(new Random(seedFor(1, "x")).normals(N * SIDE * SIDE * 3), [N, SIDE, SIDE, 3]);
const tidied = (fn: () => void) => () => void tf.tidy(fn);

Deno.test(
  "translate() moves whole images by at most an eighth, each by its own amount",
  tidied(() => {
    const images = noise(), out = seeded(() => translate(images));
    const before = images.arraySync(), after = out.arraySync(), seen = new Set<string>();
    for (let n = 0; n < N; n++) {
      const fits = [-1, 0, 1].flatMap((dy) => [-1, 0, 1].map((dx) => [dy, dx] as const))
        .filter(([dy, dx]) =>
          after[n]!.every((row, y) =>
            row.every((pixel, x) =>
              pixel.every((v, c) => v === (before[n]![y + dy]?.[x + dx]?.[c] ?? 0))
            )
          )
        );
      assert.equal(fits.length, 1, `image ${n} is moved by one amount`);
      seen.add(String(fits[0]));
    }
    assert(seen.size >= 4, [...seen].join("; "));
  }),
);

Deno.test(
  "cutOut() greys out one rectangle of at most half a side, and nothing else",
  tidied(() => {
    const out = seeded(() => cutOut(tf.ones([N, SIDE, SIDE, 1]))).arraySync() as number[][][][];
    for (const image of out) {
      const holes = image.flatMap((row, y) => row.flatMap(([v], x) => v === 0 ? [[y, x]] : []));
      const spans = [0, 1].map((axis) => {
        const at = holes.map((hole) => hole[axis]!);
        return Math.max(...at) - Math.min(...at) + 1;
      }) as [number, number];
      assert(spans.every((span) => span >= SIDE / 4 && span <= SIDE / 2), `${spans}`);
      assert.equal(holes.length, spans[0] * spans[1]);
    }
  }),
);

Deno.test(
  "jitterColour() keeps the shape of each channel up to one factor and one offset an image",
  tidied(() => {
    // grey: saturation changes nothing
    const images = tf.mean(noise(), 3, true).tile([1, 1, 1, 3]) as tf.Tensor4D;
    const out = seeded(() => jitterColour(images));
    const flat = (x: tf.Tensor) => tf.reshape(x, [N, -1]);
    const centred = (x: tf.Tensor) => tf.sub(flat(x), tf.mean(flat(x), 1, true));
    const [a, b] = [centred(images), centred(out)];
    const factor = tf.div(tf.sum(tf.mul(a, b), 1, true), tf.sum(tf.square(a), 1, true));
    assert(tf.max(tf.abs(tf.sub(b, tf.mul(a, factor)))).dataSync()[0]! < 1e-4);
    const factors = factor.dataSync();
    assert(factors.every((f) => f >= 0.5 && f <= 1.5));
    assert(new Set(factors).size === N);
  }),
);
