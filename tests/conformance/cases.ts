/** Operations that every backend must compute alike: what models, losses and metrics are made of. */
import * as tf from "@tensorflow/tfjs";
import { type Input, type OpCase, waves, whole } from "./op_case.ts";

const image: Input = { shape: [2, 6, 6, 3] };
const t4 = (t: tf.Tensor) => t as tf.Tensor4D; // the inputs above have rank 4
const t2 = (t: tf.Tensor) => t as tf.Tensor2D;

/** Convolutions and pooling. */
const CONVOLUTIONS: OpCase[] = [
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
    gradient: false, // tfjs has none for dilation
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

const PRODUCTS: OpCase[] = [
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
const REDUCTIONS: OpCase[] = ([
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

const SHAPES: OpCase[] = [
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
    gradient: false, // tfjs has none
  },
  {
    name: "mirrorPad symmetric",
    inputs: [{ shape: [3, 3] }],
    run: ([x]) => tf.mirrorPad(x!, [[1, 1], [2, 0]], "symmetric"),
    gradient: false,
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
    gradient: false, // of whole numbers
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

type Unary = (x: tf.Tensor) => tf.Tensor;
const UNARY: [string, Unary, Input?][] = [
  ["neg", tf.neg],
  ["abs", tf.abs],
  ["square", tf.square],
  ["sqrt", tf.sqrt, { shape: [3, 4], minimum: 0.1, maximum: 3 }],
  ["rsqrt", tf.rsqrt, { shape: [3, 4], minimum: 0.1, maximum: 3 }],
  ["exp", tf.exp],
  ["expm1", tf.expm1],
  ["log", tf.log, { shape: [3, 4], minimum: 0.1, maximum: 3 }],
  ["log1p", tf.log1p, { shape: [3, 4], minimum: -0.5, maximum: 3 }],
  ["sin", tf.sin],
  ["cos", tf.cos],
  ["tanh", tf.tanh],
  ["sigmoid", tf.sigmoid],
  ["logSigmoid", tf.logSigmoid],
  ["softplus", tf.softplus],
  ["relu", tf.relu],
  ["relu6", tf.relu6],
  ["elu", tf.elu],
  ["selu", tf.selu],
  ["leakyRelu", (x) => tf.leakyRelu(x, 0.2)],
  ["erf", tf.erf],
  ["reciprocal", tf.reciprocal, { shape: [3, 4], minimum: 0.3, maximum: 2 }],
  ["clipByValue", (x) => tf.clipByValue(x, -0.4, 0.6)],
  ["pow 3", (x) => tf.pow(x, 3)],
  ["softmax", (x) => tf.softmax(x)],
  ["logSoftmax", (x) => tf.logSoftmax(x)],
  ["atan", tf.atan],
  ["sinh", tf.sinh],
  ["cosh", tf.cosh],
];
const STEPS: [string, Unary][] = [
  ["floor", tf.floor],
  ["ceil", tf.ceil],
  ["round", tf.round],
  ["sign", tf.sign],
  ["step", (x) => tf.step(x, 0.3)],
  ["isNaN", (x) => tf.isNaN(tf.log(x))],
  ["onesLike", tf.onesLike],
  ["zerosLike", tf.zerosLike],
  ["cast to int32", (x) => tf.cast(tf.mul(x, 4), "int32")],
  ["cast to bool", (x) => tf.cast(tf.relu(x), "bool")],
];

/** Of equal shapes only: tfjs's gradients of these do not broadcast. */
const EQUAL_SHAPES: [string, Binary][] = [
  ["prelu", tf.prelu],
  ["maximum", tf.maximum],
  ["minimum", tf.minimum],
  ["squaredDifference", tf.squaredDifference],
  ["where", (a, b) => tf.where(tf.greater(waves(a.shape), 0), a, tf.mul(b, 2))],
];

type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;
const BINARY: [string, Binary][] = [
  ["add", tf.add],
  ["sub", tf.sub],
  ["mul", tf.mul],
  ["div", (a, b) => tf.div(a, tf.add(tf.square(b), 0.5))],
  ["pow", (a, b) => tf.pow(tf.add(tf.abs(a), 0.5), b)],
  ["atan2", (a, b) => tf.atan2(tf.add(tf.abs(a), 0.5), b)],
];
const COMPARISONS: [string, Binary][] = [
  ["divNoNan", (a, b) => tf.divNoNan(a, tf.relu(b))],
  ["greater", tf.greater],
  ["greaterEqual", tf.greaterEqual],
  ["less", tf.less],
  ["lessEqual", tf.lessEqual],
  ["equal", (a, b) => tf.equal(tf.round(a), tf.round(b))],
  ["notEqual", (a, b) => tf.notEqual(tf.round(a), tf.round(b))],
  ["logicalAnd", (a, b) => tf.logicalAnd(tf.greater(a, 0), tf.greater(b, 0))],
  ["logicalOr", (a, b) => tf.logicalOr(tf.greater(a, 0), tf.greater(b, 0))],
  ["logicalXor", (a, b) => tf.logicalXor(tf.greater(a, 0), tf.greater(b, 0))],
  ["logicalNot", (a, b) => tf.logicalNot(tf.greater(a, b))],
  ["floorDiv", (a, b) => tf.floorDiv(tf.mul(a, 5), tf.add(tf.abs(b), 0.5))],
  ["mod", (a, b) => tf.mod(tf.mul(a, 5), tf.add(tf.abs(b), 0.5))],
];

const BOTH: [Input, Input] = [{ shape: [3, 4] }, { shape: [3, 4] }];
const BROADCAST: [Input, Input] = [{ shape: [2, 3, 4] }, { shape: [3, 1] }];

const COMPOSED: OpCase[] = [
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
    second: [0], // by the images, as a penalty on them does
    run: ([x, w]) => tf.tanh(tf.conv2d(t4(x!), t4(w!), 1, "same")),
  },
];

/** All of them. */
export const CASES: OpCase[] = [
  ...CONVOLUTIONS,
  ...PRODUCTS,
  ...REDUCTIONS,
  ...SHAPES,
  ...UNARY.map(([name, run, input = { shape: [3, 4] }]): OpCase => ({
    name,
    inputs: [input],
    run: ([x]) => run(x!),
  })),
  ...STEPS.map(([name, run]): OpCase => ({
    name,
    inputs: [{ shape: [3, 4] }],
    run: ([x]) => run(x!),
    gradient: false,
  })),
  ...BINARY.flatMap(([name, run]): OpCase[] => [
    { name, inputs: BOTH, run: ([a, b]) => run(a!, b!) },
    ...name === "prelu" ? [] : [{
      name: `${name} broadcast`,
      inputs: BROADCAST,
      run: ([a, b]: tf.Tensor[]) => run(a!, b!),
    }],
  ]),
  ...COMPARISONS.map(([name, run]): OpCase => ({
    name,
    inputs: BOTH,
    run: ([a, b]) => run(a!, b!),
    gradient: false,
  })),
  ...COMPOSED,
];
