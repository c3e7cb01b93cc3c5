import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { hostStepRandom, randomNormal, randomUniform, withStepRandom } from "../../../random.ts";
import { selectBackend } from "../../mod.ts";
import type { NamedTensors } from "../../types.ts";

const backend = await selectBackend({ name: "tensorflow" });

/** TensorFlow's handles, which tfjs's own count does not include. */
function handles(): number {
  // The backend is a NodeJSKernelBackend, which counts them.
  return (tf.backend() as unknown as { getNumOfTFTensors(): number }).getNumOfTFTensors();
}

function variable(value: number, name: string): tf.Variable {
  const made = tf.tidy(() => tf.variable(tf.scalar(value), true, name));
  tf.neg(made).dispose(); // hands its value to TensorFlow, which tfjs puts off to the first use
  return made;
}

/** A small critic's step with a gradient penalty and momentum, on its own variables. */
function makeStep(name: string) {
  const values = (shape: number[], salt: number) => {
    const size = shape.reduce((a, b) => a * b, 1);
    return tf.tensor(Float32Array.from({ length: size }, (_, i) => Math.sin(i * 7 + salt)), shape);
  };
  const make = (tensor: () => tf.Tensor, key: string) =>
    tf.tidy(() => tf.variable(tensor(), true, `${name}/${key}`));
  const w = make(() => values([3, 3, 2, 4], 1), "w"), v = make(() => values([64, 1], 2), "v");
  const momentum = make(() => tf.zerosLike(w), "momentum");
  const average = make(() => w.clone(), "average"); // shares its tensor with w until the first step
  const critic = (x: tf.Tensor) => {
    const features = tf.conv2d(x as tf.Tensor4D, w as tf.Tensor as tf.Tensor4D, 1, "same");
    return tf.matMul(tf.reshape(tf.tanh(features), [-1, 64]), v as tf.Tensor as tf.Tensor2D);
  };
  const step = ({ x, rate }: NamedTensors): NamedTensors => {
    const { value, grads } = tf.variableGrads(() => {
      const slopes = tf.grad((x) => tf.sum(critic(x)))(x!);
      const penalty = tf.mean(tf.square(tf.sub(tf.sqrt(tf.sum(tf.square(slopes), [1, 2, 3])), 1)));
      return tf.add<tf.Scalar>(tf.mean(critic(x!)), penalty);
    }, [v, w]);
    momentum.assign(tf.add(tf.mul(momentum, 0.9), grads[w.name]!));
    w.assign(tf.sub(w, tf.mul(momentum, rate!)));
    v.assign(tf.sub(v, tf.mul(grads[v.name]!, rate!)));
    average.assign(tf.add(tf.mul(average, 0.75), tf.mul(w, 0.25)));
    return { loss: value };
  };
  const variables = [w, v, momentum, average];
  return { step, variables, dispose: () => tf.dispose(variables) };
}

function bits(tensors: tf.Tensor[]): string {
  return tensors.map((tensor) => new Uint8Array(tensor.dataSync().slice().buffer).toHex()).join();
}

Deno.test("a replay equals op by op, bit for bit, over several steps", async () => {
  const recorded = makeStep("recorded"), eager = makeStep("eager");
  const x = tf.tensor(Float32Array.from({ length: 64 }, (_, i) => Math.cos(i)), [2, 4, 4, 2]);
  const rate = tf.scalar(0.01);
  const compiled = backend.compile("step", recorded.step);
  for (let i = 0; i < 4; i++) {
    const { loss } = await compiled.run({ x, rate }, [i, 0]);
    const expected = tf.tidy(() => eager.step({ x, rate }));
    assert.equal(bits([loss!, ...recorded.variables]), bits([expected.loss!, ...eager.variables]));
    tf.dispose([loss!, expected.loss!]);
  }
  compiled.dispose();
  recorded.dispose();
  eager.dispose();
  tf.dispose([x, rate]);
});

Deno.test("1,000 replays leave no tensor and no handle behind", async () => {
  const beforeTensors = tf.memory().numTensors, beforeHandles = handles();
  const total = variable(0, "total");
  const compiled = backend.compile("count", ({ x }) => {
    total.assign(tf.add(total, x!));
    return { total: tf.mul(total, 2), noise: randomNormal([2]) };
  });
  const x = tf.scalar(1);
  const run = async () => tf.dispose(await compiled.run({ x }, [1, 2]));
  await run();
  const tensors = tf.memory().numTensors, living = handles();
  for (let i = 1; i < 1000; i++) await run();
  assert.equal(tf.memory().numTensors, tensors);
  assert.equal(handles(), living);
  assert.equal(total.dataSync()[0], 1000);
  compiled.dispose();
  tf.dispose([x, total]);
  assert.equal(tf.memory().numTensors, beforeTensors);
  assert.equal(handles(), beforeHandles);
});

Deno.test("draws are those of the host for the same seed, and others for another", async () => {
  const draw = () => ({ normal: randomNormal([3, 5]), uniform: randomUniform([7], -1, 1) });
  const compiled = backend.compile("draw", draw);
  const first = await compiled.run({}, [0xfedcba98, 7]);
  const again = await compiled.run({}, [0xfedcba98, 7]);
  const other = await compiled.run({}, [0xfedcba98, 8]);
  const host = withStepRandom(hostStepRandom([0xfedcba98, 7]), draw);
  assert.equal(bits([first.normal!, first.uniform!]), bits([again.normal!, again.uniform!]));
  assert.notEqual(bits([first.normal!]), bits([other.normal!]));
  assert.equal(bits([first.uniform!]), bits([host.uniform]));
  const expected = host.normal.dataSync();
  first.normal!.dataSync().forEach((x, i) => assert.ok(Math.abs(x - expected[i]!) < 1e-5));
  tf.dispose([first, again, other, host]);
  compiled.dispose();
});

Deno.test("the trace changes no variable, also when it fails", async () => {
  const v = variable(1, "kept");
  const compiled = backend.compile("fails", () => {
    v.assign(tf.add(v, 1));
    return { y: tf.matMul(tf.ones([2, 3]), tf.ones([2, 3])) };
  });
  const before = handles();
  await assert.rejects(compiled.run({}, [0, 0]), /shape|size/i);
  assert.equal(v.dataSync()[0], 1);
  assert.equal(handles(), before);
  v.dispose();
});

Deno.test("inputs, variables and constants may be outputs, and belong to the caller", async () => {
  const v = variable(3, "output");
  const compiled = backend.compile("pass", ({ x }) => ({ x: x!, v, one: tf.ones([2]) }));
  const x = tf.scalar(2), outputs = await compiled.run({ x }, [0, 0]);
  const values = Object.fromEntries(
    Object.entries(outputs).map(([k, t]) => [k, [...t.dataSync()]]),
  );
  assert.deepEqual(values, { x: [2], v: [3], one: [1, 1] });
  tf.dispose(outputs);
  assert.deepEqual([x.dataSync()[0], v.dataSync()[0]], [2, 3]);
  compiled.dispose();
  tf.dispose([x, v]);
});

Deno.test("variables are read at every call, also after a change from outside", async () => {
  const v = variable(1, "outside");
  const compiled = backend.compile("read", () => ({ y: tf.mul(v, 10) }));
  const read = async () => {
    const { y } = await compiled.run({}, [0, 0]);
    const value = y!.dataSync()[0];
    y!.dispose();
    return value;
  };
  assert.equal(await read(), 10);
  tf.tidy(() => v.assign(tf.scalar(4)));
  assert.equal(await read(), 40);
  compiled.dispose();
  v.dispose();
});

Deno.test("a helper tensor that the first call makes and keeps is captured", async () => {
  let filter: tf.Tensor | undefined;
  const compiled = backend.compile("helper", ({ x }) => {
    filter ??= tf.keep(tf.mul(tf.ones([2]), 3));
    return { y: tf.mul(x!, filter) };
  });
  const x = tf.tensor([1, 2]), { y } = await compiled.run({ x }, [0, 0]);
  assert.deepEqual([...y!.dataSync()], [3, 6]);
  tf.dispose([x, y!, filter!]);
  compiled.dispose();
});

Deno.test("calls that overlap run one after the other", async () => {
  const v = variable(1, "turns");
  const double = backend.compile("double", () => {
    v.assign(tf.mul(v, 2));
    return {};
  });
  const increase = backend.compile("increase", () => {
    v.assign(tf.add(v, 1));
    return {};
  });
  await Promise.all([double, increase, double, increase].map((f) => f.run({}, [0, 0])));
  assert.equal(v.dataSync()[0], ((1 * 2 + 1) * 2) + 1);
  double.dispose();
  increase.dispose();
  v.dispose();
});
