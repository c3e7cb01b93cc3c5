/** Measures the parts of a StyleGAN step. */
import { fileURLToPath } from "node:url";
import * as tf from "@tensorflow/tfjs";
import { type Backend, selectBackend } from "../../../core/backend/mod.ts";
import { openDataset } from "../../../datasets/mod.ts";
import { withPictures } from "../pictures.ts";
import { createBenchStep, type StepTime } from "../versus/step.ts";
import { averageStep, median } from "../versus/summary.ts";
import { convolutionFlops, peakFlops } from "./convolution.ts";

/** Facts by name, which includes the unit. */
export type Facts = Record<string, number>;

/** How to measure. */
export interface FactsOptions {
  threads: number;
  onProgress(message: string): void;
}

/** Measures; takes several minutes. */
export async function measureFacts({ threads, onProgress }: FactsOptions): Promise<Facts> {
  onProgress("Starting a process, three times");
  const firstStepSeconds = await timeToFirstStep(threads);
  const backend = await selectBackend({ name: "tensorflow", threads, shards: "auto" });
  onProgress("Running 1,000 small steps");
  const tensors = await countTensors(backend);
  onProgress("Taking a step at 32 px apart");
  const step = await takeApart(backend);
  onProgress("Running steps at 64 px");
  const memory = await residentMemory(backend);
  return { warm_start_to_first_step_s: firstStepSeconds, ...tensors, ...step, ...memory };
}

async function timeToFirstStep(threads: number): Promise<number> {
  const path = fileURLToPath(new URL("./first_step.ts", import.meta.url));
  const seconds: number[] = [];
  for (let i = 0; i < 3; i++) {
    const start = performance.now();
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", path, `${threads}`],
    }).output();
    if (!success) throw new Error(`Cannot start: ${new TextDecoder().decode(stderr)}`);
    seconds.push((performance.now() - start) / 1000);
  }
  return median(seconds);
}

async function countTensors(backend: Backend): Promise<Facts> {
  const options = { plugin: "stylegan", values: {}, resolution: 4, backend };
  const step = await createBenchStep(options);
  const facts: Facts = {};
  for (let i = 1; i <= 1000; i++) {
    await step.run();
    if (i === 10 || i === 1000) facts[`tensors_after_${i}_steps`] = tf.memory().numTensors;
  }
  step.dispose();
  return facts;
}

async function takeApart(backend: Backend): Promise<Facts> {
  const resolution = 32;
  const step = await createBenchStep({ plugin: "stylegan", values: {}, resolution, backend });
  for (let i = 0; i <= step.every; i++) await step.run(); // records each variant
  const times: StepTime[] = [], waits: number[] = [];
  await withPictures(128, resolution, async (folder, cacheDir) => {
    const data = await openDataset({
      kind: "images",
      source: folder,
      maxResolution: resolution,
      cacheDir,
    });
    const { batchSize } = step;
    const loader = data.open({ resolution, batchSize, cursor: 0, seed: 1, flip: true });
    await loader.next();
    for (let i = 0; i < 4 * step.every; i++) {
      const before = performance.now();
      await loader.next();
      waits.push(performance.now() - before);
      times.push(await step.run());
    }
    loader.close();
    data.close();
  });
  const plain = times.filter((time) => !time.penalized);
  const stats = Object.values(step.recordings);
  const plainMilliseconds = median(plain.map((time) => time.milliseconds));
  const peak = await peakFlops(backend);
  const flops = convolutionFlops(step.training, step.batchSize);
  const facts = {
    step_32px_ms: averageStep({
      milliseconds: times.map((time) => time.milliseconds),
      penalized: times.map((time) => time.penalized),
    }, step.every),
    outside_library_share: median(
      plain.map((time) => 1 - time.libraryMilliseconds / time.milliseconds),
    ),
    waiting_for_data_share: median(waits) / plainMilliseconds,
    recording_s: stats.reduce((s, r) => s + r.recordMilliseconds + r.buildMilliseconds, 0) / 1000,
    largest_graph_nodes: Math.max(...stats.map((r) => r.nodes)),
    largest_graph_MB: Math.max(...stats.map((r) => r.graphBytes)) / 1e6,
    convolution_peak_gflops: peak / 1e9,
    step_convolution_gflops: flops / plainMilliseconds / 1e6,
    share_of_convolution_peak: flops / plainMilliseconds * 1000 / peak,
  };
  step.dispose();
  return facts;
}

async function residentMemory(backend: Backend): Promise<Facts> {
  const step = await createBenchStep({ plugin: "stylegan", values: {}, resolution: 64, backend });
  let rss = 0;
  for (let i = 0; i < 2 * step.every; i++) {
    await step.run();
    rss = Math.max(rss, Deno.memoryUsage().rss);
  }
  step.dispose();
  return { resident_memory_64px_GB: rss / 1e9 };
}
