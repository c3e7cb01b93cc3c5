import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { quietCpu } from "../backend/cpu.ts";
import {
  createParameters,
  instanceNorm,
  modulatedConv2d,
  noise,
  pixelNorm,
} from "../layers/mod.ts";
import { downsampleAverage, oneHot, upsampleBilinear, upsampleNearest } from "../ops/mod.ts";
import { hostStepRandom, Random, randomUniform, seedFor, withStepRandom } from "../random.ts";
import { ExportError } from "./export_error.ts";
import { type FunctionSpec, recordGraph } from "./record_graph.ts";
import type { Graph } from "./graph.ts";
import { runGraph } from "./run_graph.ts";

quietCpu();

/** A generator made of all the parts that ours use: [N, 8] and classes to [N, 8, 8, 3]. */
function tinyGenerator() {
  const parameters = createParameters("generator", 3);
  const up = modulatedConv2d(parameters.scope("up"), {
    inChannels: 6,
    outChannels: 4,
    styleFeatures: 8,
    upsample: true,
  });
  const image = modulatedConv2d(parameters.scope("image"), {
    inChannels: 4,
    outChannels: 3,
    styleFeatures: 8,
    kernel: 1,
    demodulate: false,
  });
  const add = noise(parameters.scope("noise"), 4);
  for (const { variable } of parameters.scope("noise").variables()) {
    variable.assign(tf.fill(variable.shape, 0.5));
  }
  const constant = parameters.variable(
    "constant",
    [1, 4, 4, 6],
    (shape, random) => random.normals(shape.reduce((a, b) => a * b, 1)),
  );
  const draw = (z: tf.Tensor2D, labels: tf.Tensor1D, psi: number) => {
    const w = tf.add<tf.Tensor2D>(0.25, tf.mul(tf.sub(pixelNorm(z), 0.25), psi));
    const styles = tf.add<tf.Tensor2D>(w, tf.mul(oneHot(labels, 8), 0.5));
    const start = tf.mul<tf.Tensor4D>(constant, tf.ones([z.shape[0], 1, 1, 1]));
    const features = instanceNorm(tf.leakyRelu(add(up(start, styles)), 0.2));
    const small = image(downsampleAverage(features), styles);
    const [left, right] = tf.split(image(features, styles), [3, 5], 2); // of width 8
    const drawn = tf.concat([right!, left!], 2) as tf.Tensor4D; // two parts
    return tf.add<tf.Tensor4D>(drawn, tf.add(upsampleBilinear(small), upsampleNearest(small)));
  };
  return { parameters, draw };
}

function specOf(draw: ReturnType<typeof tinyGenerator>["draw"]): FunctionSpec {
  return {
    inputs: { z: { shape: ["N", 8] }, labels: { shape: ["N"], dtype: "int32" } },
    numbers: ["truncation"],
    run: ({ z, labels }, { truncation }) => ({
      images: draw(z as tf.Tensor2D, labels as tf.Tensor1D, truncation!), // as specified
    }),
  };
}

const constantsOf = ({ constants }: Graph) =>
  Object.fromEntries(
    constants.map(({ name, values, shape, dtype }) => [
      name,
      tf.tensor(values, [...shape], dtype),
    ]),
  );

Deno.test("a recorded graph computes what the function does, of any batch and truncation", async () => {
  const { parameters, draw } = tinyGenerator();
  const graph = await recordGraph(specOf(draw), "input");
  assert.deepEqual(graph.inputs.map(({ name }) => name), ["z", "labels", "noise0", "truncation"]);
  const constants = constantsOf(graph), kept = tf.memory().numTensors;
  for (const [count, truncation] of [[1, 0.7], [5, 1]] as const) {
    const z = tf.tensor2d(new Random(seedFor(count, "z")).normals(count * 8), [count, 8]);
    const labels = tf.tensor1d(Array.from({ length: count }, (_, i) => i), "int32");
    const random = hostStepRandom(seedFor(9, "noise"));
    const noise0 = random.normal([count, 8, 8, 1], 0);
    const expected = tf.tidy(() => withStepRandom(random, () => draw(z, labels, truncation)));
    const scalar = tf.scalar(truncation);
    const inputs = { z, labels, noise0, truncation: scalar };
    const { images } = runGraph(graph, constants, inputs);
    assert.deepEqual(images!.shape, [count, 8, 8, 3]);
    const difference = tf.max(tf.abs(tf.sub(images!, expected))).dataSync()[0]!;
    assert.ok(difference < 1e-5, `${difference}`);
    assert.ok(tf.max(tf.abs(expected)).dataSync()[0]! > 0.1); // it is no blank picture
    tf.dispose([images!, expected, inputs]);
  }
  assert.ok(tf.memory().numTensors - kept < 16); // those of this test's comparisons
  parameters.remove();
});

Deno.test("what is computed of weights alone is a constant, and noise that is off is gone", async () => {
  const { parameters, draw } = tinyGenerator();
  const ops = ({ nodes }: Graph) => nodes.map(({ op }) => op);
  const on = await recordGraph(specOf(draw), "input"),
    off = await recordGraph(specOf(draw), "none");
  assert.equal(ops(on).filter((op) => op === "Transpose" || op === "PadV2").length, 0);
  assert.equal(ops(on).length - ops(off).length, 2); // times its strength, and added
  assert.ok(off.inputs.every(({ name }) => name !== "noise0"));
  const fixed = await recordGraph(specOf(draw), hostStepRandom(seedFor(0, "noise")));
  assert.deepEqual(fixed.inputs, off.inputs);
  assert.equal(ops(fixed).length - ops(off).length, 1);
  parameters.remove();
});

Deno.test("what can't be a graph is refused in words", async () => {
  const refused = (run: FunctionSpec["run"], expected: RegExp) =>
    assert.rejects(
      recordGraph({ inputs: { z: { shape: ["N", 8] } }, numbers: ["psi"], run }, "none"),
      (error) => error instanceof ExportError && expected.test(error.message),
    );
  await refused(({ z }) => ({ y: tf.cumsum(z!) }), /Cannot export Cumsum/);
  await refused(({ z }) => ({ y: tf.add(z!, randomUniform([8])) }), /uniform/);
  await refused(({ z }, { psi }) => ({ y: tf.mul(z!, psi! ** 2) }), /expected psi to enter/);
  await refused(
    ({ z }, { psi }) => ({ y: psi! > 0.4 ? tf.neg(z!) : tf.neg(tf.neg(z!)) }),
    /the same ops/,
  );
  await refused(
    ({ z }) => ({ y: tf.add(z!, tf.reshape(tf.range(0, z!.shape[0]!), [-1, 1])) }),
    /alike for each image/,
  );
});
