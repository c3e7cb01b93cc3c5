/** The Explore page of a run that took the name of a deleted one. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { createEngine } from "../../cli/explorer/engine.ts";
import { createStatus } from "../../cli/terminal/status.ts";
import { selectBackend } from "../../core/backend/mod.ts";
import { readCheckpoint, writeCheckpoint } from "../../core/checkpoint/mod.ts";
import { withFolder } from "../../core/testing/with_folder.ts";
import { trainTiny } from "./discs_run.ts";

Deno.test("Explore draws from the checkpoint that is there, not from a deleted one of its name", () =>
  withFolder(async (folder) => {
    await trainTiny(folder);
    const run = "00000-stylegan-discs", runs = join(folder, "runs"), home = join(runs, run);
    const backend = await selectBackend({ name: "cpu" });
    const engine = createEngine({ backend, runs, notices: createStatus(true) });
    const drawn = async () =>
      (await engine.generate({ run, imagesSeen: 16 }, { kind: "seeds", seeds: [3], truncation: 1 }))
        .png;
    const before = await drawn();
    assert.deepEqual(await drawn(), before);
    const place = join(home, "checkpoints", "000000016");
    const { files, manifest } = await readCheckpoint(place);
    await Deno.remove(place, { recursive: true });
    await assert.rejects(drawn, /at 16 images: expected the checkpoint of 8/);
    for (const tensors of Object.values(files)) {
      for (const { data } of Object.values(tensors)) data.fill(0); // every weight
    }
    await writeCheckpoint(home, { imagesSeen: 16, files, meta: manifest.meta });
    assert.notDeepEqual(await drawn(), before);
    await Deno.remove(home, { recursive: true });
    await assert.rejects(drawn, /Cannot find a run/);
  }));
