/**
 * A run from an older version continues exactly as it would have then.
 *
 * testdata/older_run.zip: the run's folder at commit ec12d23 (manifest schema 1), without pictures
 * and log, after `train --data discs --held-out 0.2 --labels --backend cpu --resolution 8 --sched
 * 4:4::0:8 --sched 8:4::8:0 --preview-count 4 --latent-size 4 --mapping-layers 1 --channel-base 16
 * --channel-max 4 --channel-min 2 --sample-every 8 --checkpoint-every 8 --stats-every 4 --images 8`
 * on the 20 images of writeDiscs(). UNBROKEN has the SHA-256 of the files that the same version
 * wrote at 16 images without `--images 8`.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { readCheckpoint } from "../../core/checkpoint/mod.ts";
import { openRun } from "../../core/engine.ts";
import { withFolder } from "../../core/testing/with_folder.ts";
import { runCli } from "./cli_process.ts";
import { writeDiscs } from "./discs_run.ts";

/** Weights, their average and the optimizers' moments; the manifest has a newer schema by now. */
const UNBROKEN: Record<string, string> = {
  "average.safetensors": "f172099b4c6c9d18a189c50f71b08d8a35081c05adee4bda3ced31d9dd715df7",
  "discriminator.safetensors": "60cb909a761718c2040461222ca8751f72c5400af8cda759a7d30115add60e72",
  "generator.safetensors": "1a85b3054b0a4afec4c702700875e3243aa7f7df85490a6b2d968070e67dadad",
  "optimizer_discriminator.safetensors":
    "40ee9f33c590121f922d3368c774d9b33d8a5be9b6b98f5e0b78c945a1ab857b",
  "optimizer_generator.safetensors":
    "017c19650d39aa608fdd0fa89fd1a202ffc0b73cc491d19ec9f2c4fc35030b0a",
};

/** Runs a test in a folder with the run and its data. */
const withOlderRun = (test: (folder: string) => Promise<void>) =>
  withFolder(async (folder) => {
    const zip = await Deno.readFile(new URL("testdata/older_run.zip", import.meta.url));
    for (const [name, bytes] of Object.entries(unzipSync(zip))) {
      const path = join(folder, "runs", name);
      await Deno.mkdir(join(path, ".."), { recursive: true });
      await Deno.writeFile(path, bytes);
    }
    await writeDiscs(join(folder, "discs"), 20);
    await test(folder);
  });

Deno.test("a run of an older version resumes to the bits that it would have had unbroken", () =>
  withOlderRun(async (folder) => {
    const args = ["train", "--resume", "--images", "0", "--cache", "cache", "--json"];
    const { code, stdout, stderr } = await runCli(args, folder);
    assert.equal(code, 0, stderr);
    // The run was made on an AMD EPYC. On another processor there is a warning about that, and
    // nothing else.
    const elsewhere = /warning: resuming is not exact:\n( {2}fingerprint\.(cpu|devices): .*\n)+/;
    assert.doesNotMatch(stderr.replace(elsewhere, ""), /warning|fingerprint/);
    const { status, imagesSeen, folder: run, path } = JSON.parse(stdout);
    assert.deepEqual([status, imagesSeen], ["finished", 16]);
    const { files } = await readCheckpoint(join(run, path)).then(({ manifest }) => manifest);
    const digests = Object.entries(files).map(([name, { sha256 }]) => [name, sha256]);
    assert.deepEqual(Object.fromEntries(digests), UNBROKEN);
  }));

Deno.test(
  "a run of an older version opens, with today's defaults for options that it doesn't " +
    "know",
  () =>
    withOlderRun(async (folder) => {
      using run = await openRun({ runs: join(folder, "runs") });
      assert.deepEqual([run.id, run.imagesSeen, run.resolution], ["00000-stylegan-discs", 8, 8]);
      const images = await run.draw([1, 2, 3]);
      assert.deepEqual(images.shape, [3, 8, 8, 3]);
      assert.deepEqual(run.notices.warnings, []);
    }),
);
