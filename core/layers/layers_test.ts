import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { checkCase, readCases, unpack, useTestBackend } from "../ops/testdata/check.ts";
import { seedFor, withSeed } from "../random.ts";
import * as layers from "./mod.ts";

await useTestBackend();
const cases = readCases(new URL("./testdata/layers.json", import.meta.url));

type Build = (parameters: layers.Parameters) => (...inputs: never[]) => tf.Tensor;
const conv = { inChannels: 3, outChannels: 2 }, styled = { ...conv, styleFeatures: 4 };
const image = { featureChannels: 3, imageChannels: 2 };

/** The layers under test, by name of their case; inputs that are not variables come first. */
const builders: Record<string, Build> = {
  equalizedConv2d: (p) => layers.equalizedConv2d(p, conv),
  equalizedDense: (p) => layers.equalizedDense(p, { inFeatures: 3, outFeatures: 2 }),
  toImage: (p) => layers.toImage(p, image),
  fromImage: (p) => layers.fromImage(p, { featureChannels: 2, imageChannels: 3 }),
  upsampleConv2d: (p) => layers.upsampleConv2d(p, conv),
  downsampleConv2d: (p) => layers.downsampleConv2d(p, conv),
  "downsampleConv2d without blur": (p) => layers.downsampleConv2d(p, { ...conv, blur: false }),
  pixelNorm: () => (x: tf.Tensor) => layers.pixelNorm(x),
  instanceNorm: () => (x: tf.Tensor4D) => layers.instanceNorm(x),
  adain: (p) => layers.adain(p, { channels: 2, styleFeatures: 3 }),
  noise: (p) => layers.noise(p, 3),
  "minibatchStddev of 8": () => (x: tf.Tensor4D) => layers.minibatchStddev(x),
  "minibatchStddev of 6": () => (x: tf.Tensor4D) => layers.minibatchStddev(x),
  constantInput: (p) => {
    const layer = layers.constantInput(p, { channels: 2 });
    return () => layer(3);
  },
  modulatedConv2d: (p) => layers.modulatedConv2d(p, styled),
  "modulatedConv2d up": (p) =>
    layers.modulatedConv2d(p, { ...styled, upsample: true, gain: Math.SQRT2 }),
  "modulatedConv2d to an image": (p) =>
    layers.modulatedConv2d(p, { ...styled, kernel: 1, demodulate: false }),
};

for (const [name, build] of Object.entries(builders)) {
  Deno.test(
    `${name} has PyTorch's values and gradients by inputs and weights up to order ` +
      `3`,
    () => {
      const reference = cases[name];
      assert(reference, `no case "${name}"`);
      const before = tf.memory().numTensors;
      const parameters = layers.createParameters("network", 1);
      const layer = build(parameters);
      const variables: Record<string, tf.Tensor> = {};
      for (const { path, variable } of parameters.variables()) {
        const input = path.slice("network/".length), values = unpack(reference.inputs[input]!);
        variable.assign(values);
        values.dispose();
        variables[input] = variable;
      }
      checkCase(name, reference, layer, variables);
      parameters.remove();
      assert.equal(tf.memory().numTensors, before, "remove() left tensors");
    },
  );
}

for (const batch of [2, 3, 5, 6, 7, 8, 11, 13]) {
  Deno.test(`minibatchStddev() compares samples in a batch of ${batch}`, () =>
    tf.tidy(() => {
      const x = tf.tensor4d(Array.from({ length: batch }, (_, i) => i * i), [batch, 1, 1, 1]);
      const statistic = [...layers.minibatchStddev(x).dataSync()].filter((_, i) => i % 2 === 1);
      // The group size is the largest divisor up to 4, otherwise the whole batch; sample n is in
      // group n mod groups.
      const size = [4, 3, 2].find((n) => batch % n === 0) ?? batch, groups = batch / size;
      for (const [n, value] of statistic.entries()) {
        const own = Array.from({ length: size }, (_, i) => (n % groups + i * groups) ** 2);
        const mean = own.reduce((a, b) => a + b) / size;
        const deviation = Math.sqrt(own.reduce((sum, v) => sum + (v - mean) ** 2, 0) / size);
        assert(deviation > 0 && Math.abs(value - deviation) < 1e-4 * deviation);
      }
    }));
}

Deno.test("warnOfLoneSample() tells of a batch of 1 where the deviation is used", () => {
  const told = (batchSize: number, group: number) => {
    const kinds: string[] = [];
    layers.warnOfLoneSample({ phase: { batchSize }, warn: (kind) => kinds.push(kind) }, group);
    return kinds.length;
  };
  assert.deepEqual([told(1, 4), told(2, 4), told(1, 0), told(1, 1)], [1, 0, 0, 0]);
});

Deno.test("noise() draws from the step's seed where no noise is given", () => {
  const parameters = layers.createParameters("network", 1);
  const layer = layers.noise(parameters.scope("noise"), 2);
  const weight = parameters.variables()[0]!.variable; // the layer has one
  tf.tidy(() => {
    const x = tf.zeros<tf.Rank.R4>([1, 2, 2, 2]);
    const draw = (index: number) =>
      withSeed(seedFor(1, "noise", index), () => [...layer(x).dataSync()]);
    assert.deepEqual(draw(0), Array(8).fill(0), "the first weight is 0");
    weight.assign(tf.tensor1d([1, 2]));
    const [first, again, other] = [draw(0), draw(0), draw(1)];
    assert.deepEqual(first, again);
    assert.notDeepEqual(first, other);
    assert.equal(first[1], 2 * first[0]!); // one noise for both feature maps
  });
  parameters.remove();
});

Deno.test("minibatchStddev() of one sample appends the root of epsilon", () => {
  tf.tidy(() => {
    const y = layers.minibatchStddev(tf.ones([1, 1, 1, 1]));
    assert.deepEqual([...y.dataSync()], [1, Math.fround(1e-4)]);
  });
});
