/** Convolutions and pooling with numeric padding. */
import * as tf from "@tensorflow/tfjs";
import { type Input, type OpCase, t4 } from "./op_case.ts";

const image: Input = { shape: [2, 7, 6, 3] };
const filter: Input = { shape: [3, 2, 3, 4] };
const uneven: [[0, 0], [number, number], [number, number], [0, 0]] = [[0, 0], [2, 1], [0, 1], [
  0,
  0,
]];

const convolve = (pad: number | typeof uneven, stride: number) => ([x, w]: tf.Tensor[]) =>
  tf.conv2d(t4(x!), t4(w!), stride, pad);

export const PADDING: readonly OpCase[] = [
  { name: "conv2d padded by 2", inputs: [image, filter], second: true, run: convolve(2, 1) },
  { name: "conv2d stride 2 padded by 1", inputs: [image, filter], run: convolve(1, 2) },
  { name: "conv2d padded unevenly", inputs: [image, filter], run: convolve(uneven, 1) },
  { name: "conv2d stride 2 padded unevenly", inputs: [image, filter], run: convolve(uneven, 2) },
  {
    name: "conv2d dilated, padded by 2",
    inputs: [image, filter],
    run: ([x, w]) => tf.conv2d(t4(x!), t4(w!), 1, 2, "NHWC", 2),
    gradient: false, // tfjs has none for dilated convolutions
  },
  {
    name: "conv2dTranspose padded by 1",
    inputs: [{ shape: [2, 3, 3, 4] }, { shape: [4, 4, 3, 4] }],
    run: ([x, w]) => tf.conv2dTranspose(t4(x!), t4(w!), [2, 6, 6, 3], 2, 1),
  },
  {
    name: "fused convolution padded by 1",
    inputs: [image, filter],
    run: ([x, w]) => tf.fused.conv2d({ x: t4(x!), filter: t4(w!), strides: 1, pad: 1 }),
  },
  {
    name: "depthwiseConv2d padded by 1",
    inputs: [image, { shape: [3, 3, 3, 2] }],
    run: ([x, w]) => tf.depthwiseConv2d(t4(x!), t4(w!), 1, 1),
  },
  { name: "avgPool padded by 1", inputs: [image], run: ([x]) => tf.avgPool(t4(x!), 3, 1, 1) },
  {
    name: "avgPool stride 2 padded by 1",
    inputs: [image],
    run: ([x]) => tf.avgPool(t4(x!), [3, 2], 2, 1),
  },
  {
    name: "avgPool of wide windows padded by 1",
    inputs: [image],
    run: ([x]) => tf.avgPool(t4(x!), [2, 4], 1, 1),
  },
  { name: "maxPool padded by 1", inputs: [image], run: ([x]) => tf.maxPool(t4(x!), 3, 1, 1) },
  {
    name: "maxPool of negative pixels padded by 1",
    inputs: [{ ...image, minimum: -2, maximum: -1 }],
    run: ([x]) => tf.maxPool(t4(x!), [2, 3], 2, 1),
  },
];
