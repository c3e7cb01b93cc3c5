/** Elementwise functions of one or two arguments. */
import * as tf from "@tensorflow/tfjs";
import { type Input, type OpCase, waves } from "./op_case.ts";

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

/** Equal shapes only, because tfjs's gradients of these do not broadcast. */
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

export const ELEMENTWISE: OpCase[] = [
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
    { name: `${name} broadcast`, inputs: BROADCAST, run: ([a, b]) => run(a!, b!) },
  ]),
  ...EQUAL_SHAPES.map(([name, run]): OpCase => ({
    name,
    inputs: BOTH,
    run: ([a, b]) => run(a!, b!),
  })),
  ...COMPARISONS.map(([name, run]): OpCase => ({
    name,
    inputs: BOTH,
    run: ([a, b]) => run(a!, b!),
    gradient: false,
  })),
];
