/** Writing, syncing and verifying checkpoints of 16 MB, and reading them. */
import { readCheckpoint, storedTensor, writeCheckpoint } from "../../core/checkpoint/mod.ts";
import { join } from "node:path";
import { withFolder } from "../../core/testing/with_folder.ts";

const weights = storedTensor(Float32Array.from({ length: 4_000_000 }, (_, i) => Math.sin(i)), [
  4_000_000,
]);
const contents = {
  imagesSeen: 1000,
  files: { "generator.safetensors": { weights } },
  meta: {
    plugins: ["stylegan"],
    config: {},
    phases: [],
    seed: 1,
    counters: {},
    cursor: {},
    state: { interval: {}, muted: [] },
    pluginStates: {},
    dataset: { name: "noise", digest: "noise", count: 1 },
    fingerprint: {},
    versions: {},
    info: {},
  },
};

const group = "checkpoint of 16 MB";
Deno.bench("write", { group, n: 5, warmup: 1 }, async (b) =>
  await withFolder(async (folder) => {
    b.start();
    await writeCheckpoint(folder, contents);
    b.end();
  }));
Deno.bench(
  "read and verify",
  { group, n: 5, warmup: 1 },
  async (b) =>
    await withFolder(async (folder) => {
      const { path } = await writeCheckpoint(folder, contents);
      b.start();
      await readCheckpoint(join(folder, path));
      b.end();
    }),
);
