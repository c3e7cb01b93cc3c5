import assert from "node:assert/strict";
import { Random, seedFor, tf, withSeed } from "../../core/mod.ts";
import { coloured } from "./ada_transforms.ts";
import { cutOut, jitterColour, translate } from "./diff_augment.ts";
import { onColours } from "./on_colours.ts";

await tf.setBackend("cpu");
const SIDE = 8, N = 4;
const seeded = <T>(fn: () => T) => withSeed(seedFor(5, "colours"), fn);
const tidied = (fn: () => void) => () => void tf.tidy(fn);

/** Noise in [-1, 1] as colours. */
const noise = () =>
  tf.tanh(
    tf.tensor4d(new Random(seedFor(1, "x")).normals(N * SIDE * SIDE * 3), [N, SIDE, SIDE, 3]),
  ) as tf.Tensor4D;

/** The same colours, with the left half of a picture opaque and the right half transparent. */
function halved(colours: tf.Tensor4D): tf.Tensor4D {
  const opacity = tf.less(tf.range(0, SIDE), SIDE / 2).toFloat().reshape([1, 1, SIDE, 1]);
  const kept = tf.sub(tf.mul(tf.add(colours, 1), opacity), 1);
  const last = tf.tile(tf.sub(tf.mul(opacity, 2), 1), [N, SIDE, 1, 1]);
  return tf.concat([kept, last], 3) as tf.Tensor4D;
}

const whole = (colours: tf.Tensor4D): tf.Tensor4D =>
  tf.concat([colours, tf.ones([N, SIDE, SIDE, 1])], 3) as tf.Tensor4D;

function nearly(a: tf.Tensor, b: tf.Tensor, within = 1e-5) {
  assert.deepEqual(a.shape, b.shape);
  const apart = tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]!;
  assert.ok(apart <= within, `${apart}`);
}

const changes = {
  "diff-augment's": (x: tf.Tensor4D) => jitterColour(x),
  "ada's": (x: tf.Tensor4D) => coloured(x, tf.scalar(1)),
};

for (const [name, change] of Object.entries(changes)) {
  Deno.test(
    `${name} colours of an opaque picture are as without opacity`,
    tidied(() => {
      const plain = seeded(() => change(noise())), opaque = seeded(() => change(whole(noise())));
      nearly(opaque, whole(plain), 1e-4);
    }),
  );
  Deno.test(
    `${name} changes leave what is transparent as it is, and the opacity`,
    tidied(() => {
      const before = halved(noise()), after = seeded(() => change(before));
      const right = (x: tf.Tensor4D) => tf.slice(x, [0, 0, SIDE / 2, 0], [N, SIDE, SIDE / 2, 4]);
      nearly(right(after), tf.fill([N, SIDE, SIDE / 2, 4], -1));
      nearly(tf.slice(after, [0, 0, 0, 3]), tf.slice(before, [0, 0, 0, 3]));
      const left = (x: tf.Tensor4D) => tf.slice(x, [0, 0, 0, 0], [N, SIDE, SIDE / 2, 3]);
      const moved = tf.max(tf.abs(tf.sub(left(after), left(before)))).dataSync()[0]!;
      assert.ok(moved > 0.1, `${moved}`);
    }),
  );
}

Deno.test(
  "what comes in from outside or is cut out of a picture with opacity is nothing",
  tidied(() => {
    const ones = tf.ones<tf.Rank.R4>([N, SIDE, SIDE, 4]);
    for (const change of [translate, cutOut]) {
      const values = new Set(seeded(() => change(ones)).dataSync());
      assert.deepEqual([...values].sort(), [-1, 1]);
    }
  }),
);

Deno.test(
  "onColours() gives back what a change leaves alone",
  tidied(() => {
    for (const images of [noise(), halved(noise())]) nearly(onColours(images, (x) => x), images);
  }),
);
