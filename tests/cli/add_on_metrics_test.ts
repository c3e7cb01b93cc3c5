import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../../core/testing/with_folder.ts";
import { expectCli } from "./cli_process.ts";
import { QUIET, trainTiny } from "./discs_run.ts";

/** An add-on that counts grids in training and adds a metric of its own. */
const ADD_ON = `import { definePlugin, object } from "cambium";
export default definePlugin({
  name: "grids",
  description: "Counts sample grids",
  kind: "add-on",
  config: object({}),
  state: () => ({ grids: 0 }),
  hooks: { sampled: ({ state }) => void state.grids++ },
  measure: ({ context, runConfig }, { info }, { count, vggWeights }) => Promise.resolve([{
    title: "Grids",
    columns: ["grids", "images", "of", "VGG", "plugin's own state"],
    rows: [[
      ...[context.state.grids, info.count, count, vggWeights ?? null],
      String(runConfig.resolution),
    ]],
  }]),
});`;

Deno.test("metrics has an add-on's figures beside those of generated images", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "grids.ts"), ADD_ON);
    await trainTiny(folder, ["--plugin", "stylegan", "--plugin", "./grids.ts"]);
    const flags = ["metrics", "--cache", "cache", "--images", "8", ...QUIET];
    // too few images for features, so only the add-on uses the weights
    const few = ["--json", "--images", "4", "--vgg-weights", "vgg.safetensors"];
    const { swd, tables } = JSON.parse(await expectCli([...flags, ...few], folder));
    assert(swd.average > 0);
    // its state comes from the checkpoint
    assert.deepEqual(tables[0].rows, [[2, 16, 4, "vgg.safetensors", "8"]]);
    const out = await expectCli(flags, folder);
    assert.match(out, /SWD ×10³, mean[^]*Grids\n\n[^]*plugin's own state/);
  }));
