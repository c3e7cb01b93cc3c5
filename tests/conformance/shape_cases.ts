/** Operations that move values without changing them. */
import * as tf from "@tensorflow/tfjs";
import { type Input, type OpCase, t4, whole } from "./op_case.ts";

const image: Input = { shape: [2, 6, 6, 3] };

/** Slices, joins, permutations, lookups. */
export const SHAPES: OpCase[] = [
  { name: "reshape", inputs: [image], run: ([x]) => tf.reshape(x!, [2, -1]) },
  { name: "slice", inputs: [image], run: ([x]) => tf.slice(x!, [0, 1, 2, 0], [2, 3, 4, 2]) },
  {
    name: "stridedSlice",
    inputs: [{ shape: [6, 7] }],
    run: ([x]) => tf.stridedSlice(x!, [1, 0], [6, 7], [2, 3]),
    gradient: false, // tfjs has none
  },
  {
    name: "concat",
    inputs: [{ shape: [2, 3, 1] }, { shape: [2, 3, 2] }],
    run: ([a, b]) => tf.concat([a!, b!], 2),
  },
  {
    name: "split and stack",
    inputs: [{ shape: [2, 6] }],
    run: ([x]) => tf.stack(tf.split(x!, 3, 1).map((part, i) => tf.mul(part, i + 1)), 1),
  },
  {
    name: "unstack",
    inputs: [{ shape: [3, 4] }],
    run: ([x]) => tf.addN(tf.unstack(x!).map((row, i) => tf.mul(row, i + 1))),
  },
  {
    name: "pad",
    inputs: [image],
    run: ([x]) => tf.pad(x!, [[0, 0], [1, 2], [0, 1], [0, 0]], 0.5),
  },
  {
    name: "mirrorPad reflect",
    inputs: [image],
    run: ([x]) => tf.mirrorPad(x!, [[0, 0], [1, 2], [2, 1], [0, 0]], "reflect"),
  },
  {
    name: "mirrorPad symmetric",
    inputs: [{ shape: [3, 3] }],
    run: ([x]) => tf.mirrorPad(x!, [[1, 1], [2, 0]], "symmetric"),
  },
  { name: "tile", inputs: [{ shape: [2, 3] }], run: ([x]) => tf.tile(x!, [2, 3]) },
  { name: "transpose", inputs: [image], run: ([x]) => tf.transpose(x!, [3, 0, 2, 1]) },
  { name: "reverse", inputs: [image], run: ([x]) => tf.reverse(x!, [2]) },
  {
    name: "expandDims and squeeze",
    inputs: [{ shape: [2, 1, 3] }],
    run: ([x]) => tf.squeeze(tf.expandDims(x!, 0)),
  },
  {
    name: "gather",
    inputs: [{ shape: [5, 3] }],
    run: ([x]) => tf.gather(x!, tf.tensor1d([4, 0, 4, 2], "int32")),
  },
  {
    name: "gather by axis",
    inputs: [{ shape: [2, 4, 3] }],
    run: ([x]) => tf.gather(x!, tf.tensor1d([3, 1], "int32"), 1),
  },
  {
    name: "gather by computed indices",
    inputs: [{ shape: [5, 3] }, whole([4], 5)],
    run: ([x, i]) => tf.gather(x!, tf.cast(tf.abs(i!), "int32")),
    gradient: false, // of integers
  },
  { name: "cumsum", inputs: [{ shape: [2, 4] }], run: ([x]) => tf.cumsum(x!, 1) },
  {
    name: "cumsum exclusive, reversed",
    inputs: [{ shape: [2, 4] }],
    run: ([x]) => tf.cumsum(x!, 1, true, true),
  },
  {
    name: "topk",
    inputs: [{ shape: [2, 6] }],
    run: ([x]) => {
      const { values, indices } = tf.topk(x!, 3);
      return tf.add(values, indices);
    },
    gradient: false, // tfjs has none
  },
  {
    name: "oneHot",
    inputs: [whole([4], 5)],
    run: ([x]) => tf.oneHot(tf.cast(x!, "int32"), 5),
    gradient: false,
  },
  {
    name: "broadcastTo",
    inputs: [{ shape: [1, 3] }],
    run: ([x]) => tf.broadcastTo(x!, [4, 3]),
  },
  {
    name: "spaceToBatchND",
    inputs: [{ shape: [1, 4, 4, 2] }],
    run: ([x]) => tf.spaceToBatchND(x!, [2, 2], [[0, 0], [0, 0]]),
  },
  {
    name: "batchToSpaceND",
    inputs: [{ shape: [4, 2, 2, 2] }],
    run: ([x]) => tf.batchToSpaceND(x!, [2, 2], [[0, 0], [0, 0]]),
  },
  {
    name: "depthToSpace",
    inputs: [{ shape: [1, 2, 2, 8] }],
    run: ([x]) => tf.depthToSpace(t4(x!), 2),
    gradient: false, // tfjs has none
  },
];
