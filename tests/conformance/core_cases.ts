/** Core's own ops; each is differentiated twice, as by a gradient penalty. */
import * as tf from "@tensorflow/tfjs";
import * as ops from "../../core/ops/mod.ts";
import { minibatchStddev } from "../../core/layers/minibatch_stddev.ts";
import { type Input, type OpCase, t4 } from "./op_case.ts";

const image: Input = { shape: [2, 4, 4, 3] };

/** A small convolutional critic like StyleGAN's, with every op that its penalty passes through. */
function critic(x: tf.Tensor4D, first: tf.Tensor4D, second: tf.Tensor4D): tf.Tensor {
  let y = ops.leakyRelu(tf.conv2d(ops.upsampleNearest(x), first, 1, "same")); // [2, 8, 8, 4]
  y = ops.downsampleAverage(ops.blur(y)); // [2, 4, 4, 4]
  y = tf.conv2d(minibatchStddev(y, 2), second, 1, "same");
  return tf.mean(ops.leakyRelu(y), [1, 2, 3]);
}

/** The ops, and a critic built from them. */
export const CORE: readonly OpCase[] = [
  {
    name: "core leakyRelu",
    inputs: [image],
    second: true,
    run: ([x]) => tf.square(ops.leakyRelu(x!)),
  },
  { name: "core blur", inputs: [image], second: true, run: ([x]) => tf.square(ops.blur(t4(x!))) },
  {
    name: "core upsampleNearest",
    inputs: [image],
    second: true,
    run: ([x]) => tf.square(ops.upsampleNearest(t4(x!))),
  },
  {
    name: "core downsampleAverage",
    inputs: [image],
    second: true,
    run: ([x]) => tf.square(ops.downsampleAverage(t4(x!))),
  },
  {
    name: "core upsampleBilinear",
    inputs: [image],
    second: true,
    run: ([x]) => tf.square(ops.upsampleBilinear(t4(x!))),
  },
  {
    name: "core absolute",
    inputs: [image],
    second: true,
    run: ([x]) => tf.square(ops.absolute(x!)),
  },
  {
    name: "core clamp",
    inputs: [image],
    second: true,
    run: ([x]) => tf.square(ops.clamp(x!, -0.3, 0.6)),
  },
  {
    name: "core lerp",
    inputs: [image, image, { shape: [2, 1, 1, 1] }],
    second: true,
    run: ([a, b, alpha]) => ops.lerp(a!, b!, alpha!),
  },
  {
    name: "core maximum",
    inputs: [image, image],
    second: true,
    run: ([a, b]) => tf.square(ops.maximum(a!, b!)),
  },
  ...(["area", "bilinear", "bicubic", "lanczos3"] as const).flatMap((method) =>
    ([[2, 3], [7, 4]] as const).map((size): OpCase => ({
      name: `core resizeMatrix ${method} to ${size.join("×")}`,
      inputs: [image],
      second: true,
      run: ([x]) => tf.square(ops.resizeMatrix(t4(x!), size, method)),
    }))
  ),
  {
    name: "core sumOfSquares",
    inputs: [image],
    second: true,
    run: ([x]) => tf.square(ops.sumOfSquares(x!)),
  },
  { name: "core unitPower", inputs: [image], second: true, run: ([x]) => ops.unitPower(x!, 0.01) },
  {
    name: "core instanceStatistics",
    inputs: [image],
    second: true,
    run: ([x]) => {
      const { mean, variance } = ops.instanceStatistics(t4(x!));
      return tf.concat([tf.square(mean), tf.square(variance)], 3);
    },
  },
  {
    name: "core instanceNormalize",
    inputs: [image, { shape: [2, 1, 1, 3] }, { shape: [2, 1, 1, 3] }],
    second: [0, 1], // no gradient depends on the offset
    run: ([x, scale, offset]) => ops.instanceNormalize(t4(x!), t4(scale!), t4(offset!), 0.1),
  },
  {
    name: "a critic under a gradient penalty",
    inputs: [image, { shape: [3, 3, 3, 4] }, { shape: [3, 3, 5, 2] }],
    second: true,
    run: ([x, first, second]) => critic(t4(x!), t4(first!), t4(second!)),
  },
];
