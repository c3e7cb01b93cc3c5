import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import {
  equalizedConv2d,
  equalizedDense,
  minibatchStddev,
  pixelNorm,
} from "../../../layers/mod.ts";
import { createParameters } from "../../../layers/parameters.ts";
import { downsampleAverage, instanceNormalize, leakyRelu, sumOfSquares } from "../../../ops/mod.ts";
import { blur, upsampleBilinear, upsampleNearest } from "../../../ops/mod.ts";
import { randomNormal } from "../../../random.ts";
import { selectBackend } from "../../select.ts";
import type { NamedTensors, TensorFunction } from "../../types.ts";
import { AttrKind, DType } from "../binding/dtypes.ts";
import type { GraphPlan, PlannedNode } from "./graph_plan.ts";
import { shardPlan } from "./shard_plan.ts";

const backend = await selectBackend({ name: "tensorflow", threads: 2, shards: 2 });

const float = (...shape: number[]) => ({ dtype: DType.FLOAT, shape });

function node(
  name: string,
  op: string,
  inputs: string[],
  output: PlannedNode["outputs"][number],
): PlannedNode {
  const attributes = [{ name: "T", type: AttrKind.TYPE, value: DType.FLOAT }];
  return { name, op, inputs, attributes, outputs: [output] };
}

function integers(name: string, ...values: number[]): GraphPlan["constants"][number] {
  const bytes = new Uint8Array(Int32Array.from(values).buffer);
  return { name, dtype: DType.INT32, shape: [values.length], bytes, uniform: false };
}

const IMAGE = float(4, 16, 16, 8);

function linesOf(nodes: PlannedNode[], outputs: string[]): string[] {
  const plan: GraphPlan = {
    inputs: [
      { name: "x", source: { kind: "input", index: 0 }, ...IMAGE },
      { name: "w", source: { kind: "input", index: 1 }, ...float(3, 3, 8, 8) },
    ],
    constants: [integers("all", 0, 1, 2, 3), integers("pixels", 1, 2)],
    nodes,
    outputs,
  };
  const { nodes: made, outputs: names } = shardPlan(plan, 2);
  return [...made.map((n) => `${n.name} = ${n.op}(${n.inputs.join()})`), ...names];
}

Deno.test(
  "shardPlan() computes a product in two pieces, what follows from each, and adds " +
    "sums",
  () => {
    const lines = linesOf([
      node("conv", "Conv2D", ["x:0", "w:0"], IMAGE),
      node("square", "Square", ["conv:0"], IMAGE),
      node("sum", "Sum", ["square:0", "all:0"], float()),
      node("root", "Sqrt", ["sum:0"], float()),
    ], ["root:0"]);
    assert.deepEqual(lines, [
      "x/cut = Split(shard_const0:0,x:0)",
      "conv/0 = Conv2D(x/cut:0,w:0)",
      "conv/1 = Conv2D(x/cut:1,w:0)",
      "square/0 = Square(conv/0:0)",
      "square/1 = Square(conv/1:0)",
      "sum/0 = Sum(square/0:0,all:0)",
      "sum/1 = Sum(square/1:0,all:0)",
      "sum = AddN(sum/0:0,sum/1:0)",
      "root = Sqrt(sum:0)",
      "root:0",
    ]);
  },
);

Deno.test("shardPlan() puts together what an op needs whole, once, and an output", () => {
  const lines = linesOf([
    node("conv", "Conv2D", ["x:0", "w:0"], IMAGE),
    node("flip", "ReverseV2", ["conv:0", "pixels:0"], IMAGE),
    node("again", "ReverseV2", ["conv:0", "all:0"], IMAGE),
  ], ["flip:0", "conv:0"]);
  assert.deepEqual(lines.slice(3), [
    "conv/whole = ConcatV2(conv/0:0,conv/1:0,shard_const0:0)",
    "flip = ReverseV2(conv/whole:0,pixels:0)",
    "again = ReverseV2(conv/whole:0,all:0)",
    "flip:0",
    "conv/whole:0",
  ]);
});

Deno.test(
  "shardPlan() leaves a plan without products, and one that can't be halved, as it " +
    "is",
  () => {
    const small = [node("square", "Square", ["x:0"], IMAGE)];
    assert.deepEqual(linesOf(small, ["square:0"]), ["square = Square(x:0)", "square:0"]);
    const odd = [node("conv", "Conv2D", ["w:0", "w:0"], float(3, 3, 8, 8))];
    assert.deepEqual(linesOf(odd, ["conv:0"]), ["conv = Conv2D(w:0,w:0)", "conv:0"]);
  },
);

/** `x` in shards, as a convolution leaves it. */
const cut = (x: tf.Tensor) =>
  tf.conv2d(x as tf.Tensor4D, tf.eye(8).reshape([1, 1, 8, 8]) as tf.Tensor4D, 1, "same");

/** Each takes [4, 16, 16, 8] and must give the same result as op by op. */
const FUNCTIONS: Record<string, (x: tf.Tensor4D) => tf.Tensor> = {
  "elementwise ops": (x) => tf.tanh(tf.exp(tf.neg(tf.abs(x)))),
  "a vector over the channels": (x) => tf.mul(tf.add(x, tf.linspace(0, 1, 8)), 2),
  "a tensor of each sample": (x) => tf.mul(x, tf.tensor([1, 2, 3, 4], [4, 1, 1, 1])),
  "one for all samples": (x) => tf.sub(x, tf.ones([1, 16, 16, 1])),
  "sums over pixels": (x) => tf.sum(x, [1, 2], true),
  "sums over the batch": (x) => tf.sum(x, 0),
  "means over all": (x) => tf.mean(x),
  "means over the batch": (x) => tf.sub(x, tf.mean(x, 0, true)),
  "maxima over pixels": (x) => tf.max(x, [1, 2]),
  "maxima over the batch": (x) => tf.max(x, 0),
  "reshaping into groups": (x) => tf.mean(tf.reshape(x, [2, 2, 2048]), 0),
  "reshaping into fewer than the pieces": (x) => tf.reshape(x, [1, 8192]),
  "slices": (x) => tf.slice(x, [0, 2, 0, 1], [4, 5, 16, 3]),
  "a slice of the batch": (x) => tf.slice(x, [1, 0, 0, 0], [2, 16, 16, 8]),
  "padding": (x) => tf.pad(x, [[0, 0], [1, 2], [3, 0], [0, 0]]),
  "padding of the batch": (x) => tf.pad(x, [[1, 0], [0, 0], [0, 0], [0, 0]]),
  "joined channels": (x) => tf.concat([x, tf.ones([4, 16, 16, 1])], 3),
  "joined batches": (x) => tf.concat([x, tf.ones([2, 16, 16, 8])], 0),
  "split channels": (x) => tf.addN(tf.split(x, 2, 3)),
  "split batches": (x) => tf.addN(tf.split(x, 2, 0)),
  "repeated pixels": (x) => tf.tile(x, [1, 2, 1, 1]),
  "a repeated batch": (x) => tf.tile(x, [2, 1, 1, 1]),
  "transposed pixels": (x) => tf.transpose(x, [0, 2, 1, 3]),
  "a transposed batch": (x) => tf.transpose(x, [3, 1, 2, 0]),
  "pooling": (x) => tf.maxPool(downsampleAverage(x), 2, 2, "valid"),
  "enlarging": (x) => upsampleBilinear(upsampleNearest(x)),
  "resizing": (x) => tf.image.resizeNearestNeighbor(tf.image.resizeBilinear(x, [24, 24]), [12, 12]),
  "a filter for each channel": blur,
  "a filter for each channel, tfjs's own": (x) =>
    tf.depthwiseConv2d(x, tf.sin(tf.range(0, 72)).reshape([3, 3, 8, 1]) as tf.Tensor4D, 1, "same"),
  "matrices": (x) => tf.matMul(tf.reshape(x, [4, 2048]) as tf.Tensor2D, tf.ones([2048, 3])),
  "a matrix of sums over rows": (x) => {
    const rows = tf.reshape(x, [1024, 8]) as tf.Tensor2D;
    return tf.matMul(rows, tf.sin(rows), true, false);
  },
  "matrices of a batch": (x) => {
    const samples = tf.reshape(x, [4, 256, 8]) as tf.Tensor3D;
    return tf.matMul(samples, samples, true, false);
  },
  "softmax": (x) => tf.softmax(x),
  "draws": (x) => tf.add(x, randomNormal([4, 16, 16, 8])),
  "pixel norm, leaky ReLU": (x) => pixelNorm(leakyRelu(x)),
  "instance normalization": (x) =>
    instanceNormalize(x, tf.ones([4, 1, 1, 8]), tf.zeros([4, 1, 1, 8])),
  "minibatch standard deviation": (x) => minibatchStddev(x, 4),
  "minibatch standard deviation in pairs": (x) => minibatchStddev(x, 2),
};

for (const [name, fn] of Object.entries(FUNCTIONS)) {
  Deno.test(`in pieces as whole: ${name}`, async () => {
    await sameInPieces(({ x }) => ({ y: fn(cut(x!)) }));
    await sameInPieces(({ x }) => ({
      gradient: tf.grad((x) => tf.mean(tf.square(fn(cut(x)))))(x!),
    }));
  });
}

Deno.test("in pieces as whole: comparisons", async () => {
  await sameInPieces(({ x }) => {
    const y = cut(x!); // tfjs has no gradient of comparisons
    return {
      y: tf.where(tf.logicalAnd(tf.greater(y, 0), tf.lessEqual(y, 0.5)), y, tf.zerosLike(y)),
    };
  });
});

Deno.test("in pieces as whole: a critic's step with a gradient penalty", async () => {
  const parameters = createParameters("critic", 1);
  const conv = equalizedConv2d(parameters.scope("conv"), { inChannels: 8, outChannels: 16 });
  const dense = equalizedDense(parameters.scope("dense"), {
    inFeatures: 17 * 64,
    outFeatures: 1,
    gain: 1,
  });
  const critic = (x: tf.Tensor) => {
    const features = downsampleAverage(leakyRelu(conv(blur(x as tf.Tensor4D))));
    return dense(tf.reshape(minibatchStddev(features, 4), [4, -1]) as tf.Tensor2D);
  };
  await sameInPieces(({ x }) => {
    const { value, grads } = tf.variableGrads(() => {
      const slope = tf.grad((x) => tf.sum(critic(x)))(x!);
      const penalty = tf.mean(sumOfSquares(slope));
      return tf.add<tf.Scalar>(tf.mean(tf.softplus(critic(x!))), penalty);
    });
    return { value, ...grads };
  });
  parameters.remove();
});

Deno.test("a batch that can't be halved is computed whole", async () => {
  const x = tf.ones([3, 16, 16, 8]);
  const compiled = backend.compile("odd", ({ x }) => ({ y: tf.sum(cut(x!)) }));
  const { y } = await compiled.run({ x }, [0, 0]);
  assert.equal(y!.dataSync()[0], 3 * 16 * 16 * 8);
  compiled.dispose();
  tf.dispose([x, y!]);
});

/** Compares a replay in two shards with one of the whole batch. */
async function sameInPieces(fn: TensorFunction): Promise<void> {
  const values = Float32Array.from({ length: 8192 }, (_, i) => Math.sin(i * i));
  const x = tf.tensor(values, [4, 16, 16, 8]);
  const whole = await runWhole(fn, { x });
  const compiled = backend.compile("pieces", fn);
  const pieces = await compiled.run({ x }, [5, 6]);
  for (const [name, expected] of Object.entries(whole)) {
    const received = pieces[name]!;
    assert.deepEqual(received.shape, expected.shape);
    const a = received.dataSync(), b = expected.dataSync();
    const scale = Array.from(b, Math.abs).reduce((most, v) => Math.max(most, v), 1e-30);
    a.forEach((v, i) =>
      assert.ok(Math.abs(v - b[i]!) <= 2e-5 * scale, `${name}[${i}]: ${v}, whole ${b[i]}`)
    );
  }
  compiled.dispose();
  tf.dispose([x, pieces, whole]);
}

/** Runs the function without shards, by adding an input that can't be halved. */
async function runWhole(fn: TensorFunction, inputs: NamedTensors): Promise<NamedTensors> {
  const odd = tf.zeros([3, 1]);
  const compiled = backend.compile("whole", fn);
  const outputs = await compiled.run({ ...inputs, odd }, [5, 6]);
  compiled.dispose();
  odd.dispose();
  return outputs;
}
