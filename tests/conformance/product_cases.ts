/** Products and reductions. */
import * as tf from "@tensorflow/tfjs";
import type { Input, OpCase } from "./op_case.ts";

const image: Input = { shape: [2, 6, 6, 3] };

/** Matrix products. */
export const PRODUCTS: OpCase[] = [
  ...[[false, false], [true, false], [false, true], [true, true]].map((
    [transposeA = false, transposeB = false],
  ): OpCase => ({
    name: `matMul ${transposeA ? "Aᵀ" : "A"}${transposeB ? "Bᵀ" : "B"}`,
    inputs: [{ shape: transposeA ? [4, 3] : [3, 4] }, { shape: transposeB ? [5, 4] : [4, 5] }],
    run: ([a, b]) => tf.matMul(a!, b!, transposeA, transposeB),
    second: true,
  })),
  {
    name: "matMul of batches",
    inputs: [{ shape: [2, 3, 4] }, { shape: [2, 4, 2] }],
    run: ([a, b]) => tf.matMul(a!, b!),
  },
  {
    name: "outerProduct",
    inputs: [{ shape: [3] }, { shape: [4] }],
    run: ([a, b]) => tf.outerProduct(a as tf.Tensor1D, b as tf.Tensor1D),
  },
  {
    name: "dot",
    inputs: [{ shape: [4] }, { shape: [4] }],
    run: ([a, b]) => tf.dot(a!, b!),
  },
];

type Reduction = (x: tf.Tensor, axis?: number | number[], keep?: boolean) => tf.Tensor;
/** Sums, means and extremes. */
export const REDUCTIONS: OpCase[] = ([
  ["sum", tf.sum],
  ["mean", tf.mean],
  ["max", tf.max],
  ["min", tf.min],
  ["prod", tf.prod],
  ["logSumExp", tf.logSumExp],
] as [string, Reduction][]).flatMap(([name, reduce]): OpCase[] => [
  { name, inputs: [{ shape: [2, 3, 4] }], run: ([x]) => reduce(x!) },
  { name: `${name} of axes`, inputs: [{ shape: [2, 3, 4] }], run: ([x]) => reduce(x!, [0, 2]) },
  {
    name: `${name} keeping axes`,
    inputs: [{ shape: [2, 3, 4] }],
    run: ([x]) => reduce(x!, 1, true),
  },
]).filter(({ name }) => name !== "prod of axes").concat(
  [
    {
      name: "moments",
      inputs: [image],
      run: ([x]) => {
        const { mean, variance } = tf.moments(x!, [1, 2], true);
        return tf.add(mean, tf.mul(variance, 3));
      },
    },
    { name: "norm", inputs: [{ shape: [3, 4] }], run: ([x]) => tf.norm(x!, 2, 1) },
    {
      name: "argMax",
      inputs: [{ shape: [3, 5] }],
      run: ([x]) => tf.argMax(x!, 1),
      gradient: false,
    },
    {
      name: "argMin",
      inputs: [{ shape: [3, 5] }],
      run: ([x]) => tf.argMin(x!, 1),
      gradient: false,
    },
    {
      name: "all and any",
      inputs: [{ shape: [3, 5] }],
      run: ([x]) => tf.stack([tf.all(tf.greater(x!, -0.5), 1), tf.any(tf.greater(x!, 0.9), 1)]),
      gradient: false,
    },
  ],
);
