/** Benchmarks of single operations on a tensor of 32 px, op by op. */
import * as tf from "@tensorflow/tfjs";
import {
  blur,
  downsampleAverage,
  instanceNormalize,
  leakyRelu,
  upsampleNearest,
} from "../../core/ops/mod.ts";
import { randomNormal, withSeed } from "../../core/random.ts";
import "./backend.ts";

const x = tf.randomNormal([16, 32, 32, 64]) as tf.Tensor4D;
const small = tf.randomNormal([16, 16, 16, 64]) as tf.Tensor4D;
const filter = tf.randomNormal([3, 3, 64, 64]) as tf.Tensor4D;
const scale = tf.ones([16, 1, 1, 64]) as tf.Tensor4D;

/** Runs a function and waits until the values are available. */
async function measured(fn: () => tf.Tensor): Promise<void> {
  const y = tf.tidy(() => tf.slice(tf.reshape(fn(), [-1]), 0, 1));
  await y.data();
  y.dispose();
}

const group = "ops 16×32×32×64";
Deno.bench(
  "conv2d 3×3",
  { group, baseline: true },
  async () => await measured(() => tf.conv2d(x, filter, 1, "same")),
);
Deno.bench("blur", { group }, async () => await measured(() => blur(x)));
Deno.bench("leakyRelu", { group }, async () => await measured(() => leakyRelu(x)));
Deno.bench(
  "instanceNormalize",
  { group },
  async () => await measured(() => instanceNormalize(x, scale, scale)),
);
Deno.bench("upsampleNearest", { group }, async () => await measured(() => upsampleNearest(small)));
Deno.bench("downsampleAverage", { group }, async () => await measured(() => downsampleAverage(x)));
Deno.bench("add", { group }, async () => await measured(() => tf.add(x, scale)));
Deno.bench(
  "randomNormal on the host 16×32×32×1",
  { group },
  async () => await measured(() => withSeed([1, 2], () => randomNormal([16, 32, 32, 1]))),
);
