/** Measures how long steps wait for pictures that are decoded from shards. */
import { join } from "node:path";
import process from "node:process";
import sharp from "sharp";
import type { Backend } from "../../../core/backend/mod.ts";
import type { Dataset } from "../../../core/data.ts";
import { Random, seedFor } from "../../../core/random.ts";
import { withFiles } from "../../../core/testing/with_folder.ts";
import { openDataset } from "../../../datasets/open_dataset.ts";
import { tarOf } from "../../../datasets/shards/test_shards.ts";
import { createBenchStep } from "../versus/step.ts";

/** JPEG pictures per shard, and their side in px: between a thumbnail and a photograph. */
const SHARDS = 4, PER_SHARD = 128, SIDE = 320;

/** What to measure. */
export interface InputOptions {
  backend: Backend;
  /** px a side. */
  resolutions: readonly number[];
  /** Steps of both networks at each resolution. */
  steps: number;
  onProgress(message: string): void;
}

/** A row of the result. */
export interface InputRow {
  resolution: number; // px a side
  batch: number;
  /** Mean time of a step. */
  step_ms: number;
  /**
   * Share of the time of steps and waiting. The first batch, which could not be prefetched, is
   * excluded.
   */
  waiting_share: number;
  /** Processor time of all threads to decode a picture from its shard. */
  decoding_ms: number;
  /** The same if it was decoded before (`--shard-cache`). */
  cached_ms: number;
}

/** Runs steps of the default model with a loader opened as in training. */
export async function measureInput(options: InputOptions): Promise<InputRow[]> {
  const { backend, resolutions, steps, onProgress } = options, rows: InputRow[] = [];
  onProgress("Making shards");
  await withFiles(await shards(), async (folder) => {
    for (const resolution of resolutions) {
      onProgress(`${resolution} px: recording`);
      const values = { startResolution: Math.min(8, resolution) };
      const step = await createBenchStep({ plugin: "stylegan", values, resolution, backend });
      for (let i = 0; i < 2; i++) await step.run(); // with the lazy penalty and without it
      const how = {
        kind: "images" as const,
        source: `shards:${folder}`,
        maxResolution: resolution,
        cacheDir: join(folder, "cache"),
      };
      const data = await openDataset(how), cached = await openDataset({ ...how, shardCache: 1 });
      const { batchSize } = step;
      const loader = data.open({ resolution, batchSize, cursor: 0, seed: 1, flip: true });
      await loader.next();
      const before = loader.waitedMilliseconds, start = performance.now();
      for (let i = 0; i < steps; i++) {
        await step.run();
        await loader.next();
      }
      const whole = performance.now() - start, waited = loader.waitedMilliseconds - before;
      loader.close();
      step.dispose();
      const decoding_ms = await processorTime(data, resolution);
      await processorTime(cached, resolution); // fills the cache
      const cached_ms = await processorTime(cached, resolution);
      data.close();
      cached.close();
      rows.push({
        resolution,
        batch: batchSize,
        step_ms: (whole - waited) / steps,
        waiting_share: waited / whole,
        ...{ decoding_ms, cached_ms },
      });
      onProgress(`${resolution} px: ${(100 * waited / whole).toFixed(2)} % waiting`);
    }
  });
  return rows;
}

/** Processor time per picture over an epoch without steps, ms. */
async function processorTime(data: Dataset, resolution: number): Promise<number> {
  const batchSize = 16, batches = Math.ceil(data.info.count / batchSize);
  const loader = data.open({ resolution, batchSize, cursor: 0, seed: 1, flip: true });
  await loader.next(); // the threads have started
  const before = process.cpuUsage();
  for (let i = 0; i < batches; i++) await loader.next();
  const { user, system } = process.cpuUsage(before);
  loader.close();
  return (user + system) / 1000 / (batches * batchSize);
}

/** Shards of JPEG pictures with coarse and fine structure. */
async function shards(): Promise<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = {};
  for (let shard = 0, n = 0; shard < SHARDS; shard++) {
    const members: Record<string, Uint8Array> = {};
    for (let i = 0; i < PER_SHARD; i++, n++) members[`${n}.jpg`] = await picture(n);
    files[`${shard}.tar`] = tarOf(members);
  }
  return files;
}

async function picture(n: number): Promise<Uint8Array> {
  const random = new Random(seedFor(n, "picture")), side = 40;
  const raw = Uint8Array.from({ length: side * side * 3 }, () => 256 * random.uniform());
  const image = sharp(raw, { raw: { width: side, height: side, channels: 3 } });
  return new Uint8Array(await image.resize(SIDE, SIDE).jpeg({ quality: 90 }).toBuffer());
}

/** @returns a Markdown table, without a trailing newline */
export function inputMarkdown(rows: readonly InputRow[]): string {
  return [
    "| resolution | batch | step, ms | waiting for data | CPU time per image, ms | from --shard-cache, ms |",
    "|--:|--:|--:|--:|--:|--:|",
    ...rows.map((row) =>
      `| ${row.resolution} px | ${row.batch} | ${row.step_ms.toFixed(0)} | ${
        (100 * row.waiting_share).toFixed(2)
      } % | ${row.decoding_ms.toFixed(2)} | ${row.cached_ms.toFixed(2)} |`
    ),
  ].join("\n");
}
