/** Small networks, with the second gradients that penalties need. */
import * as tf from "@tensorflow/tfjs";
import { type Input, type OpCase, t4 } from "./op_case.ts";

const image: Input = { shape: [2, 6, 6, 3] };
const t2 = (t: tf.Tensor) => t as tf.Tensor2D; // the inputs have rank 2

/** Normalizations and layers. */
export const COMPOSED: OpCase[] = [
  {
    name: "batchNorm",
    inputs: [
      image,
      { shape: [3] },
      { shape: [3], minimum: 0.5, maximum: 2 },
      { shape: [3] },
      { shape: [3], minimum: 0.5, maximum: 2 },
    ],
    run: ([x, mean, variance, offset, scale]) =>
      tf.batchNorm(
        x!,
        mean as tf.Tensor1D,
        variance as tf.Tensor1D,
        offset as tf.Tensor1D,
        scale as tf.Tensor1D,
        1e-3,
      ),
  },
  {
    name: "localResponseNormalization",
    inputs: [image],
    run: ([x]) => tf.localResponseNormalization(t4(x!)),
  },
  {
    name: "instance normalization",
    inputs: [image],
    second: true,
    run: ([x]) => {
      const centered = tf.sub(x!, tf.mean(x!, [1, 2], true));
      const variance = tf.mean(tf.square(centered), [1, 2], true);
      return tf.mul(centered, tf.rsqrt(tf.add(variance, 1e-3)));
    },
  },
  {
    name: "dense, softplus",
    inputs: [{ shape: [4, 3] }, { shape: [3, 2] }, { shape: [2] }],
    second: true,
    run: ([x, w, b]) => tf.softplus(tf.add(tf.matMul(t2(x!), t2(w!)), b!)),
  },
  {
    name: "convolution, tanh",
    inputs: [image, { shape: [3, 3, 3, 2] }],
    second: [0], // with respect to the images, as for a penalty on them
    run: ([x, w]) => tf.tanh(tf.conv2d(t4(x!), t4(w!), 1, "same")),
  },
];
