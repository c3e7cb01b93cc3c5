import assert from "node:assert/strict";
import { join } from "node:path";
import sharp from "sharp";
import { withFolder } from "../../core/testing/with_folder.ts";
import { expectCli, runCli } from "./cli_process.ts";
import { writeDiscs } from "./discs_run.ts";

Deno.test(
  "data inspect counts, lists what is skipped, and draws a sheet; prepare makes the " +
    "cache",
  () =>
    withFolder(async (folder) => {
      await writeDiscs(join(folder, "discs"), 10);
      await Deno.writeTextFile(join(folder, "discs", "red", "broken.png"), "no picture");
      const flags = ["discs", "--resolution", "8", "--held-out", "0.2", "--cache", "cache"];
      const found = JSON.parse(
        await expectCli(["data", "inspect", ...flags, "--sheet", "--json"], folder),
      );
      assert.deepEqual([found.info.count, found.info.heldOutCount], [8, 2]);
      assert.deepEqual(found.labels, [{ name: "blue", count: 5 }, { name: "red", count: 5 }]);
      assert.deepEqual(found.sizes, [{ name: "8×8", count: 10 }]);
      assert.deepEqual(found.info.skipped.map((s: { path: string }) => s.path), ["red/broken.png"]);
      const sheet = await sharp(join(folder, "contact-sheet.png")).metadata();
      // 8 samples in 3 columns of 64 px, and gaps
      assert.ok(sheet.width! > 3 * 64, `${sheet.width}`);

      const text = await expectCli(["data", "inspect", ...flags], folder);
      assert.match(text, /^Skipped +1$/m);
      assert.match(text, /red\/broken\.png: /);

      const prepared = await expectCli(["data", "prepare", ...flags], folder);
      assert.match(prepared, /^Prepared +10 images of discs$/m);
      const cache = /^Cache +(.+)$/m.exec(prepared)?.[1] ?? "";
      assert.equal((await Deno.stat(join(cache, "8px.u8"))).size, 10 * 8 * 8 * 3);

      const [, hint] = /^Skipped +1\. All: deno task (data inspect discs .*--all)$/m.exec(
        prepared,
      )!;
      assert.match(await expectCli(hint!.split(" "), folder), /red\/broken\.png: /);

      for (let n = 0; n < 9; n++) await Deno.writeTextFile(join(folder, "discs", `${n}.png`), "x");
      assert.match(await expectCli(["data", "inspect", ...flags], folder), /… 2 more; --all/);
      const all = await expectCli(["data", "inspect", ...flags, "--all"], folder);
      assert.equal(all.match(/^ {4}\S+: /gm)?.length, 10);
      assert.doesNotMatch(all, /more/);

      const large = [...flags.slice(0, 2), "16", ...flags.slice(3)];
      assert.match(
        await expectCli(["data", "inspect", ...large], folder),
        /^Enlarged +10 are smaller than 16 px$/m,
      );
      const small = await expectCli(["data", "inspect", ...flags, "--sheet"], folder);
      assert.doesNotMatch(small, /^Enlarged/m, "the cache's larger size was not asked for");
      const again = await sharp(join(folder, "contact-sheet.png")).metadata();
      assert.equal(again.width, sheet.width);

      const missing = await runCli(["data", "inspect", "nowhere", "--cache", "cache"], folder);
      assert.equal(missing.code, 2);
      assert.match(missing.stderr, /Cannot find the data at nowhere/);
    }),
);
