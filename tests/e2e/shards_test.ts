/** A run on shards, from writing them to an exact resume. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../../core/testing/with_folder.ts";
import { expectCli, runCli } from "../cli/cli_process.ts";
import { QUIET, writeDiscs } from "../cli/discs_run.ts";

/** A StyleGAN that trains in seconds: 16 images at 4 px, 16 while 8 px fades in. */
const TINY = [
  ...["--resolution", "8", "--sched", "4:8::0:16", "--sched", "8:8::16:0"],
  ...["--latent-size", "8", "--mapping-layers", "2", "--channel-base", "64", "--channel-max", "8"],
  ...["--channel-min", "4", "--preview-count", "4", "--labels", "--held-out", "0.2"],
];

Deno.test("pictures become shards; a run that was stopped ends in the same bits, as with a cache", () =>
  withFolder(async (folder) => {
    await writeDiscs(join(folder, "discs"), 24);
    const written = await expectCli(["data", "prepare", "discs", "--shards", "tars"], folder);
    assert.match(written, /24 images in 1 shard$/m);
    const typed = /--data (\S+)/.exec(written)![1]!;
    const data = ["--cache", "cache"];
    const inspected = await expectCli(["data", "inspect", typed, ...data], folder);
    assert.match(inspected, /Labels +2: blue \(12\), red \(12\)/);
    assert.match(inspected, /pictures are held out by a hash of their names/);

    const train = async (...more: string[]) =>
      JSON.parse(await expectCli(["train", ...more, ...data, ...QUIET, "--json"], folder));
    const run = ["--data", "shards:tars/{00000..00000}.tar", ...TINY];
    const whole = await train(...run);
    assert.equal(whole.imagesSeen, 32);
    assert.equal((await train(...run, "--images", "24")).imagesSeen, 24);
    const resumed = await train("--resume", "1", "--images", "0", "--shard-cache", "0.01");
    assert.deepEqual([resumed.imagesSeen, resumed.digest], [32, whole.digest]);

    const { code, stderr } = await runCli(
      ["train", "--data", "shards:tars/{0..1}.tar", ...TINY, ...data, ...QUIET],
      folder,
    );
    assert.equal(code, 2, stderr);
    assert.match(stderr, /Cannot open the shard .*tars\/0\.tar: expected a tar .*received none/);
  }));
