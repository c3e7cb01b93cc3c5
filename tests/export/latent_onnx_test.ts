/** onnxruntime draws what our own networks draw. */
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { openCpu } from "../../core/backend/cpu.ts";
import { generateFunction, recordGraph, writeOnnx } from "../../core/export/mod.ts";
import type { Model } from "../../core/plugin/mod.ts";
import { hostStepRandom, Random, seedFor, withStepRandom } from "../../core/random.ts";
import { createProgan } from "../../plugins/progan/model.ts";
import { createStylegan } from "../../plugins/stylegan/model.ts";
import { proganSchema } from "../../plugins/progan/config.ts";
import { styleganSchema } from "../../plugins/stylegan/config.ts";
import { resolveConfig } from "../../core/config/mod.ts";
import { runOnnx } from "./onnx_runtime.ts";

const small = { latentSize: 8, channelBase: 64, channelMax: 8, channelMin: 4 };
const stylegan = (values: Record<string, unknown>, channels: number, labelCount: number) => {
  const [config] = resolveConfig([styleganSchema], [{
    from: "the test",
    values: { ...small, mappingLayers: 2, ...values },
  }]);
  return createStylegan(config!, { seed: 1, startResolution: 4, channels, labelCount });
};
const progan = () => {
  const [config] = resolveConfig([proganSchema], [{ from: "the test", values: small }]);
  return createProgan(config!, { seed: 1, startResolution: 4, channels: 1 });
};

/** Noise and biases begin at 0, where they would not be seen. */
function stir(model: Model): void {
  for (const { path, variable } of model.generator.variables()) {
    const random = new Random(seedFor(5, path));
    const moved = tf.tidy(() =>
      tf.add(variable, tf.tensor(random.normals(variable.size).map((x) => 0.3 * x), variable.shape))
    );
    variable.assign(moved);
    moved.dispose();
  }
}

const cases: {
  name: string;
  make: () => Model & { grow(r: number): void; stabilize(): void };
  labels: string[];
  fades: boolean;
  cutoff?: number;
}[] = [
  {
    name: "stylegan, conditional, while 16 px fades in",
    labels: ["a", "b", "c"],
    fades: true,
    make: () => stylegan({ architecture: "stylegan", labels: true }, 3, 3),
  },
  {
    name: "stylegan2 with limits and a cut-off, grey",
    labels: [],
    fades: false,
    cutoff: 2,
    make: () => stylegan({ architecture: "stylegan2", limits: true }, 1, 0),
  },
  { name: "progan", labels: [], fades: true, make: progan },
];

for (const { name, make, labels, fades, cutoff } of cases) {
  Deno.test(`ONNX draws the pictures of ${name}`, async () => {
    await openCpu();
    const model = make(), alpha = fades ? 0.375 : 1, truncation = 0.6, count = 3;
    for (const resolution of [8, 16]) {
      model.stabilize();
      model.grow(resolution);
    }
    if (!fades) model.stabilize();
    stir(model);
    const drawn = {
      model,
      labels,
      alpha,
      truncationCutoff: cutoff,
      withWeights: <T>(fn: () => T) => fn(),
    };
    const graph = await recordGraph(generateFunction(drawn), "input");
    const bytes = writeOnnx(graph, { name, description: name });

    const z = new Random(seedFor(2, "z")).normals(count * 8);
    const random = hostStepRandom(seedFor(3, "noise")), drawnNoise: Float32Array[] = [];
    const classes = Int32Array.of(2, 0, 1);
    const expected = tf.tidy(() =>
      withStepRandom(
        {
          ...random,
          normal(shape, draw) {
            const map = random.normal(shape, draw);
            drawnNoise.push(map.dataSync<"float32">().slice());
            return map;
          },
        },
        () =>
          tf.clipByValue(
            model.generate!(tf.tensor2d(z, [count, 8]), {
              alpha,
              truncation,
              ...(cutoff === undefined ? {} : { truncationCutoff: cutoff }),
              ...(labels.length > 0 ? { labels: tf.tensor1d(classes, "int32") } : {}),
            }),
            -1,
            1,
          ),
      )
    );
    const feeds: Record<string, { data: Float32Array | Int32Array; shape: number[] }> = {
      z: { data: z, shape: [count, 8] },
      truncation: { data: Float32Array.of(truncation), shape: [] },
      labels: { data: classes, shape: [count] },
    };
    drawnNoise.forEach((data, i) => {
      const side = Math.sqrt(data.length / count);
      feeds[`noise${i}`] = { data, shape: [count, side, side, 1] };
    });
    const wanted = graph.inputs.map((input) => [input.name, feeds[input.name]!] as const);
    const { images } = await runOnnx(bytes, Object.fromEntries(wanted));
    assert.deepEqual(images!.shape, expected.shape);
    const values = expected.dataSync<"float32">();
    const worst = values.reduce((most, v, i) => Math.max(most, Math.abs(v - images!.data[i]!)), 0);
    assert.ok(worst < 1 / 255, `${worst}`);
    assert.ok(values.some((v) => Math.abs(v) > 0.1 && Math.abs(v) < 0.9)); // no blank picture
    expected.dispose();
    model.generator.remove();
    model.discriminator.remove();
  });
}
