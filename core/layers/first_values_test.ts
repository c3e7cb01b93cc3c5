/** Checks how the layers' variables are initialized, and how optimizers are told to update them. */
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { useTestBackend } from "../ops/testdata/check.ts";
import { seedFor, withSeed } from "../random.ts";
import * as layers from "./mod.ts";

await useTestBackend();

/** Expected initialization: "normal" for N(0, 1), or the value that all elements have. */
interface Expected {
  shape: number[];
  values: "normal" | number;
  multiplier?: number;
}

const conv = { inChannels: 16, outChannels: 24 }, image = { featureChannels: 16, imageChannels: 3 };
const weight: Expected = { shape: [3, 3, 16, 24], values: "normal" };
const slow = { learningRateMultiplier: 0.25 };

const cases: Record<string, [(p: layers.Parameters) => unknown, Record<string, Expected>]> = {
  equalizedConv2d: [(p) => layers.equalizedConv2d(p, { ...conv, ...slow }), {
    weight: { ...weight, multiplier: 0.25 },
    bias: { shape: [24], values: 0, multiplier: 0.25 },
  }],
  "equalizedConv2d by an init": [
    (p) => layers.equalizedConv2d(p, { ...conv, bias: false, init: layers.constant(0.5) }),
    { weight: { ...weight, values: 0.5 } },
  ],
  equalizedDense: [
    (p) => layers.equalizedDense(p, { inFeatures: 64, outFeatures: 48, biasInit: 3, ...slow }),
    {
      weight: { shape: [64, 48], values: "normal", multiplier: 0.25 },
      bias: { shape: [48], values: 3, multiplier: 0.25 },
    },
  ],
  upsampleConv2d: [(p) => layers.upsampleConv2d(p, { ...conv, ...slow }), {
    weight: { ...weight, multiplier: 0.25 },
    bias: { shape: [24], values: 0, multiplier: 0.25 },
  }],
  "upsampleConv2d by an init": [
    (p) => layers.upsampleConv2d(p, { ...conv, bias: false, init: layers.constant(0.5) }),
    { weight: { ...weight, values: 0.5 } },
  ],
  downsampleConv2d: [(p) => layers.downsampleConv2d(p, { ...conv, bias: false }), { weight }],
  modulatedConv2d: [(p) => layers.modulatedConv2d(p, { ...conv, styleFeatures: 64 }), {
    weight,
    "style/weight": { shape: [64, 16], values: "normal" },
    "style/bias": { shape: [16], values: 1 },
  }],
  adain: [(p) => layers.adain(p, { channels: 16, styleFeatures: 64 }), {
    "style/weight": { shape: [64, 32], values: "normal" },
    "style/bias": { shape: [32], values: 0 },
  }],
  "toImage of nothing": [(p) => layers.toImage(p, { ...image, init: layers.zeros }), {
    weight: { shape: [1, 1, 16, 3], values: 0 },
    bias: { shape: [3], values: 0 },
  }],
  "fromImage of nothing": [(p) => layers.fromImage(p, { ...image, init: layers.zeros }), {
    weight: { shape: [1, 1, 3, 16], values: 0 },
    bias: { shape: [16], values: 0 },
  }],
  noise: [(p) => layers.noise(p, 16), { weight: { shape: [16], values: 0 } }],
  constantInput: [(p) => layers.constantInput(p, { channels: 16 }), {
    constant: { shape: [1, 4, 4, 16], values: 1 },
  }],
};

for (const [name, [build, expected]] of Object.entries(cases)) {
  Deno.test(`${name} begins as its paper says, and names what it scales at run time`, () => {
    const parameters = layers.createParameters("n", 1);
    build(parameters);
    const found = parameters.variables();
    assert.deepEqual(found.map(({ path }) => path.slice("n/".length)), Object.keys(expected));
    for (const { path, variable, equalized, learningRateMultiplier, trainable } of found) {
      const { shape, values, multiplier = 1 } = expected[path.slice("n/".length)]!; // as compared
      const data = [...variable.dataSync()];
      assert.deepEqual(variable.shape, shape);
      assert.deepEqual([learningRateMultiplier, trainable], [multiplier, true], path);
      assert.equal(equalized, path.endsWith("/weight") && shape.length > 1, path);
      if (values === "normal") {
        const deviation = Math.sqrt(data.reduce((sum, v) => sum + v * v, 0) / data.length);
        // The standard error is 1/√(2 n); the tolerance is five of them.
        assert.ok(Math.abs(deviation - 1) < 5 / Math.sqrt(2 * data.length), `${deviation}`);
      } else assert.ok(data.every((v) => v === values), path);
    }
    parameters.remove();
  });
}

for (const demodulate of [true, false]) {
  for (const upsample of [false, true]) {
    const how = `${demodulate ? "" : ", not demodulated"}${upsample ? ", enlarging" : ""}`;
    Deno.test(`modulatedConv2d() multiplies its result by the gain${how}`, () => {
      tf.tidy(() => {
        const draw = (gain: number) => {
          const parameters = layers.createParameters("n", 1);
          const options = { inChannels: 2, outChannels: 3, styleFeatures: 2, demodulate, upsample };
          const layer = layers.modulatedConv2d(parameters, { ...options, gain });
          const y = layer(tf.ones([1, 3, 3, 2]), tf.tensor2d([[0.5, -1]]));
          parameters.remove();
          return y;
        };
        const apart = tf.max(tf.abs(tf.sub(draw(3), tf.mul(draw(1), 3)))).dataSync()[0]!;
        assert.ok(apart < 1e-5, `${apart}`);
      });
    });
  }
}

Deno.test("layers that change the resolution, or are modulated, refuse even kernels", () => {
  const parameters = layers.createParameters("n", 1);
  const even = { ...conv, kernel: 4 };
  for (
    const build of [
      () => layers.upsampleConv2d(parameters, even),
      () => layers.downsampleConv2d(parameters, even),
      () => layers.modulatedConv2d(parameters, { ...even, styleFeatures: 2 }),
    ]
  ) assert.throws(build, { name: "RangeError", message: /expected an odd kernel, received 4/ });
  assert.deepEqual(parameters.variables(), []);
});

Deno.test("noise() draws a map for each sample, which all its channels share", () => {
  const parameters = layers.createParameters("n", 1), layer = layers.noise(parameters, 2);
  tf.tidy(() => {
    parameters.variables()[0]!.variable.assign(tf.tensor1d([1, 2])); // it has one
    const y = withSeed(seedFor(1, "noise"), () => layer(tf.zeros([2, 4, 4, 2])));
    const [first, second] = tf.unstack(y).map((x) => [...x.dataSync()]) as [number[], number[]];
    assert.notDeepEqual(first, second);
    for (const map of [first, second]) {
      for (let i = 0; i < map.length; i += 2) assert.equal(map[i + 1], 2 * map[i]!);
    }
  });
  parameters.remove();
});
