import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../../core/testing/with_folder.ts";
import { expectCli } from "./cli_process.ts";
import { QUIET, trainTiny } from "./discs_run.ts";

Deno.test(
  "--plugin best keeps a run folder that sample draws from, and soft-start trains " +
    "beside it",
  () =>
    withFolder(async (folder) => {
      const plugins = ["stylegan", "soft-start", "best"].flatMap((name) => ["--plugin", name]);
      await trainTiny(folder, [...plugins, "--metrics-every", "8"]);
      const id = "00000-stylegan-discs", kept = join("runs", id, "best", id);
      const { imagesSeen } = JSON.parse(
        await Deno.readTextFile(join(folder, "runs", id, "best", "best.json")),
      );
      assert.ok([8, 16].includes(imagesSeen), String(imagesSeen));
      const out = await expectCli(
        ["sample", "--run", kept, "--seeds", "1", "--out", "kept.png", ...QUIET],
        folder,
      );
      assert.match(out, /kept\.png/);
      assert.ok((await Deno.stat(join(folder, "kept.png"))).isFile);
    }),
);
