/** The Explore page of a run that took the name of another. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { createEngine } from "../../cli/explorer/engine.ts";
import { createStatus } from "../../cli/terminal/status.ts";
import { selectBackend } from "../../core/backend/mod.ts";
import { withFolder } from "../../core/testing/with_folder.ts";
import { trainTiny } from "./discs_run.ts";

Deno.test("Explore draws from the run that is there, not from a deleted one of its name", () =>
  withFolder(async (folder) => {
    await trainTiny(folder);
    const runs = join(folder, "runs"), run = "00000-stylegan-discs";
    const backend = await selectBackend({ name: "cpu" });
    const engine = createEngine({ backend, runs, notices: createStatus(true) });
    const drawn = async () =>
      (await engine.generate({ run, imagesSeen: 16 }, { kind: "seeds", seeds: [3], truncation: 1 }))
        .png;
    const before = await drawn();
    assert.deepEqual(await drawn(), before);
    await Deno.remove(runs, { recursive: true });
    await assert.rejects(drawn, /Cannot find a run/);
    await trainTiny(folder, ["--seed", "5"]);
    assert.notDeepEqual(await drawn(), before);
  }));
