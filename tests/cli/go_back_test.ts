/** `--resume RUN@CHECKPOINT` and `--from RUN@CHECKPOINT` on the command line. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { findCheckpoints } from "../../core/checkpoint/mod.ts";
import { inProcess, newRun, resultOf, resume, withTinyData } from "../faults/tiny_run.ts";

Deno.test(
  "--resume RUN@CHECKPOINT goes back, --from RUN@CHECKPOINT begins a run there with " +
    "what fits",
  () =>
    withTinyData(async (folder) => {
      const options = { folder, more: ["--json"] };
      const { digest } = resultOf(await inProcess(newRun(options)));
      const id = join(folder, "runs", "00000-tiny-data");
      assert.ok((await findCheckpoints(id)).some((c) => c.imagesSeen === 32));

      const back = await inProcess(resume(options, "0@32"));
      assert.equal(resultOf(back).digest, digest);
      assert.ok((await Deno.stat(join(id, "abandoned", "000000032", "checkpoints"))).isDirectory);
      const none = await inProcess(resume(options, "0@33"));
      assert.match(
        none.err,
        /Cannot resume 00000-tiny-data at 33 images: expected the checkpoint of /,
      );

      const places = resume(options).slice(3);
      const from = await inProcess(["train", "--from", "0@32", "--images", "16", ...places]);
      assert.equal(resultOf(from).imagesSeen, 16, from.err);
      const config = await Deno.readTextFile(
        join(folder, "runs", "00001-tiny-data", "config.json"),
      );
      const { run, plugins, from: origin } = JSON.parse(config);
      assert.deepEqual([run.startResolution, run.firstBlock, plugins[0].name], [4, 4, "tiny"]);
      assert.equal(origin.checkpoint, "checkpoints/000000032");
      const both = await inProcess(["train", "--resume", "0", "--from", "1", ...places]);
      assert.match(both.err, /Cannot use --from with --resume/);
    }),
);
