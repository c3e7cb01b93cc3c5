/** Convolutions, pooling and resizing. */
import * as tf from "@tensorflow/tfjs";
import { type Input, type OpCase, t4 } from "./op_case.ts";

const image: Input = { shape: [2, 6, 6, 3] };

/** Convolutions and pooling. */
export const CONVOLUTIONS: OpCase[] = [
  ...([1, 2] as const).flatMap((stride) =>
    (["same", "valid"] as const).map((padding): OpCase => ({
      name: `conv2d 3×3 stride ${stride} ${padding}`,
      inputs: [image, { shape: [3, 3, 3, 4] }],
      run: ([x, w]) => tf.conv2d(t4(x!), t4(w!), stride, padding),
    }))
  ),
  {
    name: "conv2d 1×1",
    inputs: [image, { shape: [1, 1, 3, 5] }],
    run: ([x, w]) => tf.conv2d(t4(x!), t4(w!), 1, "same"),
  },
  {
    name: "conv2d of an odd size by stride 2",
    inputs: [{ shape: [2, 7, 5, 2] }, { shape: [4, 3, 2, 3] }],
    run: ([x, w]) => tf.conv2d(t4(x!), t4(w!), 2, "same"),
  },
  {
    name: "conv2d dilated",
    inputs: [{ shape: [1, 7, 7, 2] }, { shape: [3, 3, 2, 2] }],
    run: ([x, w]) => tf.conv2d(t4(x!), t4(w!), 1, "valid", "NHWC", 2),
    gradient: false, // tfjs has none for dilated convolutions
  },
  {
    name: "conv2dTranspose stride 2",
    inputs: [{ shape: [2, 3, 3, 4] }, { shape: [4, 4, 3, 4] }],
    run: ([x, w]) => tf.conv2dTranspose(t4(x!), t4(w!), [2, 6, 6, 3], 2, "same"),
  },
  ...([1, 2] as const).map((stride): OpCase => ({
    name: `depthwiseConv2d stride ${stride}`,
    inputs: [image, { shape: [3, 3, 3, 2] }],
    run: ([x, w]) => tf.depthwiseConv2d(t4(x!), t4(w!), stride, "same"),
  })),
  {
    name: "depthwiseConv2d valid",
    inputs: [image, { shape: [2, 3, 3, 1] }],
    run: ([x, w]) => tf.depthwiseConv2d(t4(x!), t4(w!), 1, "valid"),
  },
  { name: "avgPool", inputs: [image], run: ([x]) => tf.avgPool(t4(x!), 2, 2, "valid") },
  { name: "avgPool same", inputs: [image], run: ([x]) => tf.avgPool(t4(x!), 3, 1, "same") },
  { name: "maxPool", inputs: [image], run: ([x]) => tf.maxPool(t4(x!), 2, 2, "valid") },
  {
    name: "resizeNearestNeighbor",
    inputs: [image],
    run: ([x]) => tf.image.resizeNearestNeighbor(t4(x!), [12, 12]),
  },
  {
    name: "resizeBilinear",
    inputs: [image],
    run: ([x]) => tf.image.resizeBilinear(t4(x!), [9, 4]),
  },
  {
    name: "resizeBilinear aligned corners",
    inputs: [image],
    run: ([x]) => tf.image.resizeBilinear(t4(x!), [11, 11], true),
  },
];
