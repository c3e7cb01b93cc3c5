/** onnxruntime draws the same pictures as our own networks. */
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { openCpu } from "../../core/backend/cpu.ts";
import { generateFunction, recordGraph, writeOnnx } from "../../core/export/mod.ts";
import { hostStepRandom, Random, seedFor, withStepRandom } from "../../core/random.ts";
import { type Fed, runOnnx } from "./onnx_runtime.ts";
import { grown, LATENT_SIZE, tinyProgan, tinyStylegan } from "./tiny_models.ts";

const CASES = [
  {
    name: "stylegan, conditional, while 16 px fades in",
    make: () => tinyStylegan({ architecture: "stylegan", labels: true }, { labelCount: 3 }),
    labels: ["a", "b", "c"],
    alpha: 0.375,
  },
  {
    name: "stylegan2 with limits and a cut-off, grey",
    make: () => tinyStylegan({ architecture: "stylegan2", limits: true }, { channels: 1 }),
    alpha: 1,
    truncationCutoff: 2,
  },
  {
    name: "stylegan2 with pairs while 32 px fades in",
    make: () => tinyStylegan({ architecture: "stylegan2", pairWeight: 5 }),
    resolution: 32,
    alpha: 0.375,
  },
  { name: "progan while 16 px fades in", make: tinyProgan, alpha: 0.375 },
];

for (const { name, make, ...options } of CASES) {
  Deno.test(`ONNX draws the pictures of ${name}`, async () => {
    await openCpu();
    const drawn = grown(make(), options), { model } = drawn, truncation = 0.6, count = 3;
    const graph = await recordGraph(generateFunction(drawn), "input");
    const bytes = writeOnnx(graph, { name, description: name });

    const z = new Random(seedFor(2, "z")).normals(count * LATENT_SIZE);
    const labels = Int32Array.of(2, 0, 1);
    const fed: Record<string, Fed> = {
      z: { data: z, shape: [count, LATENT_SIZE] },
      truncation: { data: Float32Array.of(truncation), shape: [] },
      labels: { data: labels, shape: [count] },
    };
    const random = hostStepRandom(seedFor(3, "noise"));
    const drawing: typeof random = {
      ...random,
      normal(shape, draw) {
        const map = random.normal(shape, draw);
        fed[`noise${draw}`] = { data: map.dataSync<"float32">().slice(), shape };
        return map;
      },
    };
    const expected = tf.tidy(() =>
      withStepRandom(drawing, () => {
        const latents = tf.tensor2d(z, [count, LATENT_SIZE]);
        const images = model.generate!(latents, { // all of the models have it
          alpha: drawn.alpha,
          truncation,
          ...(options.truncationCutoff ? { truncationCutoff: options.truncationCutoff } : {}),
          ...(drawn.labels.length > 0 ? { labels: tf.tensor1d(labels, "int32") } : {}),
        });
        return tf.clipByValue(images, -1, 1);
      })
    );
    const inputs = graph.inputs.map((input) => [input.name, fed[input.name]!] as const);
    const { images } = await runOnnx(bytes, Object.fromEntries(inputs));
    assert.deepEqual(images!.shape, expected.shape);
    const values = expected.dataSync<"float32">();
    const worst = values.reduce((most, v, i) => Math.max(most, Math.abs(v - images!.data[i]!)), 0);
    assert.ok(worst < 1 / 255, `${worst}`);
    assert.ok(values.some((v) => Math.abs(v) > 0.1 && Math.abs(v) < 0.9)); // not a blank picture
    expected.dispose();
    model.generator.remove();
    model.discriminator.remove();
  });
}
