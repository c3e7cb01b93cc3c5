/** Runs on WebGPU from the command line: training, exact resume, and drawing. */
import assert from "node:assert/strict";
import { join } from "node:path";
import sharp from "sharp";
import { withFolder } from "../../core/testing/with_folder.ts";
import { expectCli } from "../cli/cli_process.ts";
import { writeDiscs } from "../cli/discs_run.ts";
import { hasAdapter } from "./adapter.ts";

const ignore = !await hasAdapter();

/** A small run, to 8 px in 16 images. */
const SCHEDULE = ["--resolution", "8", "--preview-count", "4", "--stats-every", "4"];
const PLACE = ["--data", "discs", "--cache", "cache", "--held-out", "0.2", "--json"];

const PLUGINS: Record<string, string[]> = {
  stylegan: [
    ...["--sched", "4:4::0:8", "--sched", "8:4::8:0", "--latent-size", "8"],
    ...["--mapping-layers", "2", "--channel-base", "64", "--channel-max", "8"],
    ...["--channel-min", "4"],
  ],
  "progan-sr": [
    ...["--start-resolution", "8", "--perceptual", "none", "--channels", "4"],
    ...["--critic-max", "4", "--critic-min", "4", "--sched", "8:4::0:16"],
  ],
};

for (const [plugin, options] of Object.entries(PLUGINS)) {
  Deno.test({
    name: `${plugin} trains on WebGPU and goes on to the same bits`,
    ignore,
    fn: () =>
      withFolder(async (folder) => {
        await writeDiscs(join(folder, "discs"), 20);
        const machine = ["--backend", "webgpu", "--checkpoint-every", "8"];
        const train = async (...more: string[]) =>
          JSON.parse(await expectCli(["train", ...machine, ...more], folder));
        const run = ["--plugin", plugin, ...SCHEDULE, ...options, ...PLACE];
        const whole = await train(...run);
        assert.equal(whole.imagesSeen, 16);
        assert.equal((await train(...run, "--images", "8")).imagesSeen, 8);
        const resumed = await train("--resume", "1", "--images", "0", "--cache", "cache", "--json");
        assert.deepEqual([resumed.imagesSeen, resumed.digest], [16, whole.digest]);
        if (plugin !== "stylegan") return;
        const sample = ["sample", "--run", "0", "--seeds", "0-3", "--out", "grid.png"];
        await expectCli([...sample, "--backend", "webgpu"], folder);
        const { width, height } = await sharp(join(folder, "grid.png")).metadata();
        assert.ok(width >= 16 && width === height, `${width}×${height}`);
      }),
  });
}

Deno.test({
  name: "doctor names the adapter, and says where it is a software one",
  ignore,
  fn: () =>
    withFolder(async (folder) => {
      const adapter = await navigator.gpu!.requestAdapter(); // there is an adapter
      const { description, isFallbackAdapter } = adapter!.info;
      const text = await expectCli(["doctor", "--backend", "webgpu"], folder);
      assert.ok(text.includes(description), text);
      assert.equal(
        /a software adapter: emulated by the processor, not a GPU/.test(text),
        isFallbackAdapter,
        text,
      );
    }),
});
