import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../../testing/with_folder.ts";
import { folderOutput } from "./folder_output.ts";

const meta = { plugins: [], config: {}, seed: 1, dataset: "x", fingerprint: {}, versions: {} };

Deno.test("writeSamples() tells which cells of a row were drawn, where not all were", () =>
  withFolder(async (folder) => {
    const output = folderOutput(folder, {
      meta: meta as unknown as Parameters<typeof folderOutput>[1]["meta"], // only checkpoints read it
      keepCheckpoints: 1,
      info: () => ({}),
      onDamaged() {},
    });
    const facts = {
      imagesSeen: 5,
      resolution: 4,
      phaseKind: "stabilize",
      alpha: 1,
      weights: "ema",
    } as const;
    const preview = { data: new Float32Array(4 * 16), shape: [4, 4, 4, 1], columns: 2 };
    const some = await output.writeSamples({ ...preview, drawn: [1] }, facts);
    assert.deepEqual([some.columns, some.rows, some.cell, some.drawn], [2, 2, 32, [1]]);
    assert.ok((await Deno.stat(join(folder, some.path))).isFile);
    const all = await output.writeSamples(preview, facts);
    assert.ok(!("drawn" in all));
  }));
