/**
 * A run from a version whose StyleGAN had a single architecture, and no option for it, keeps that
 * architecture. Its folder in testdata/ was made by commit ddfd51f: trainTiny() of discs_run.ts
 * with `--images 12`, without pictures and logs.
 */
import assert from "node:assert/strict";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { withFolder } from "../../core/testing/with_folder.ts";
import { expectCli } from "./cli_process.ts";
import { QUIET, writeDiscs } from "./discs_run.ts";

const OLD = new URL("./testdata/run_without_architecture", import.meta.url);

Deno.test(
  "a StyleGAN run from before --architecture is drawn from, resumed and copied with " +
    "its own layers",
  () =>
    withFolder(async (folder) => {
      const run = join(folder, "runs", "00000-stylegan-discs");
      const optionsOf = async (path: string) =>
        JSON.parse(await Deno.readTextFile(join(path, "config.json"))).options.stylegan;
      await writeDiscs(join(folder, "discs"), 20);
      await cp(OLD, run, { recursive: true });
      assert.equal("architecture" in await optionsOf(run), false);

      await expectCli(["sample", "--seeds", "3", "--out", "drawn", ...QUIET], folder);
      const quiet = ["--cache", "cache", "--json", ...QUIET];
      await expectCli(["train", "--resume", "--images", "16", ...quiet], folder); // without --force
      assert.equal((await optionsOf(run)).architecture, "stylegan");

      await Deno.copyFile(new URL(`${OLD}/config.json`), join(folder, "old.json"));
      await expectCli(["train", "--config", "old.json", "--images", "4", ...quiet], folder);
      const copied = join(folder, "runs", "00001-stylegan-discs");
      assert.equal((await optionsOf(copied)).architecture, "stylegan");
    }),
);
