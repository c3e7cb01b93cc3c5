import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../../testing/with_folder.ts";
import { fileURLToPath } from "node:url";
import { readCheckpoint, storedTensor } from "../../checkpoint/mod.ts";
import { folderOutput, type FolderOutputOptions, stateOfMeta } from "./folder_output.ts";
import { listSamples } from "./list_samples.ts";

const meta = { plugins: [], config: {}, seed: 1, dataset: "x", fingerprint: {}, versions: {} };

/** An output that writes checkpoints; any report that `options` don't handle fails the test. */
const checkpointsIn = (folder: string, options: Partial<FolderOutputOptions> = {}) =>
  folderOutput(folder, {
    meta: { ...meta, dataset: { name: "discs", digest: "d", count: 9 } },
    keepCheckpoints: 2,
    keepSamples: 0,
    info: () => ({}),
    onDamaged: assert.fail,
    onUnpruned: assert.fail,
    ...options,
  });

Deno.test("writeSamples() tells which cells of a row were drawn, where not all were", () =>
  withFolder(async (folder) => {
    const output = folderOutput(folder, {
      // only checkpoints read it
      meta: meta as unknown as Parameters<typeof folderOutput>[1]["meta"],
      keepCheckpoints: 1,
      keepSamples: 0,
      info: () => ({}),
      onDamaged() {},
      onUnpruned: assert.fail,
    });
    const facts = {
      imagesSeen: 5,
      resolution: 4,
      phaseKind: "stabilize",
      alpha: 1,
      weights: "ema",
    } as const;
    const preview = { data: new Float32Array(4 * 16), shape: [4, 4, 4, 1], columns: 2 };
    const { entry: some } = await output.writeSamples({ ...preview, drawn: [1] }, facts);
    assert.deepEqual([some.columns, some.rows, some.cell, some.drawn], [2, 2, 32, [1]]);
    assert.ok((await Deno.stat(join(folder, some.path))).isFile);
    const { entry: all } = await output.writeSamples(preview, facts);
    assert.ok(!("drawn" in all));
  }));

Deno.test(
  "writeSamples() names the grids that go; after a crash before they went they are " +
    "named again",
  () =>
    withFolder(async (folder) => {
      const most = 40;
      const output = folderOutput(folder, {
        // only checkpoints read it
        meta: meta as unknown as Parameters<typeof folderOutput>[1]["meta"],
        keepCheckpoints: 1,
        keepSamples: most,
        info: () => ({}),
        onDamaged() {},
        onUnpruned: assert.fail,
      });
      const preview = { data: new Float32Array(16), shape: [1, 4, 4, 1], columns: 1 };
      const facts = { resolution: 4, phaseKind: "stabilize", alpha: 1, weights: "ema" } as const;
      const write = (imagesSeen: number) => output.writeSamples(preview, { ...facts, imagesSeen });
      for (let i = 1; i <= most; i++) assert.deepEqual((await write(i)).surplus, []);
      const { surplus } = await write(most + 1); // then the process dies
      assert.equal(surplus.length, 15); // of 21 that are not the newest, those at 1, 5, 9 … 21 stay
      await Deno.remove(join(folder, surplus[0]!)); // the first one was gone already
      const { entry, surplus: again } = await write(most + 2);
      assert.deepEqual(again.slice(0, -1), surplus.slice(1)); // one more is not of the newest now
      await output.removeSamples([...surplus, ...again]);
      const left = await listSamples(folder);
      assert.equal(left.length, 26);
      assert.ok(left.includes(entry.path));

      // resumed: what is later doesn't count
      const { entry: redrawn, surplus: none } = await write(20);
      assert.deepEqual(none, []);
      assert.ok((await listSamples(folder)).includes(redrawn.path));
    }),
);

/** The state of `testdata/schema_1`, which was written by folderOutput() of ec12d23. */
const state = {
  counters: { imagesSeen: 48, cursor: 48, generator: 6, discriminator: 6, parts: 2 },
  phases: [{
    ...{ index: 0, resolution: 4, kind: "stabilize" as const, start: 0, end: 64 },
    ...{ batchSize: 8, learningRate: 0.001 },
  }],
  interval: { "loss/generator": { sum: 1.25, count: 2 }, "term/r1": { sum: 0.5, count: 1 } },
  plugins: { tiny: {}, ada: { p: 0.25 } },
  muted: ["ada.step", "tiny.sampled"],
};

Deno.test("a checkpoint of schema 1 gives the state that went in", async () => {
  const folder = fileURLToPath(new URL("../../checkpoint/testdata/schema_1", import.meta.url));
  const { manifest } = await readCheckpoint(folder);
  assert.equal(manifest.schema, 2);
  assert.deepEqual(stateOfMeta(manifest.meta), state);
});

Deno.test("a checkpoint gives the state that went in, and keeps it apart from counters", () =>
  withFolder(async (folder) => {
    const output = checkpointsIn(folder);
    const files = { "generator.safetensors": { bias: storedTensor(Float32Array.of(1), [1]) } };
    const { entry } = await output.writeCheckpoint({ files, state });
    const { manifest } = await readCheckpoint(join(folder, entry.path));
    assert.deepEqual(stateOfMeta(manifest.meta), state);
    assert.deepEqual(manifest.meta.counters, state.counters);
  }));

Deno.test("a checkpoint that is written stays written where old ones can't be removed", () =>
  withFolder(async (folder) => {
    const told: string[] = [], { remove } = Deno;
    const output = checkpointsIn(folder, { onUnpruned: (reason) => told.push(reason) });
    const write = (imagesSeen: number) => {
      const files = { "generator.safetensors": { bias: storedTensor(Float32Array.of(1), [1]) } };
      const counters = { ...state.counters, imagesSeen };
      return output.writeCheckpoint({ files, state: { ...state, counters } });
    };
    for (const imagesSeen of [8, 16]) await write(imagesSeen);
    Deno.remove = () => Promise.reject(new Error("in use"));
    try {
      const { entry, removed } = await write(24);
      // 8 is out of sight, though its files are there
      assert.deepEqual([entry.imagesSeen, removed, told], [24, [8], ["in use"]]);
    } finally {
      Deno.remove = remove;
    }
    assert.deepEqual((await write(32)).removed, [16]);
    assert.equal([...Deno.readDirSync(join(folder, "checkpoints"))].length, 2);
  }));
