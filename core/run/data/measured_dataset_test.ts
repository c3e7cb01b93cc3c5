import assert from "node:assert/strict";
import { join } from "node:path";
import { withFiles } from "../../testing/with_folder.ts";
import { RunError } from "../run_error.ts";
import { gradientPng } from "../../../datasets/test_images.ts";
import { openMeasuredDataset, openOwnDataset } from "./measured_dataset.ts";
import { runOn } from "./test_run.ts";

Deno.test(
  "openMeasuredDataset() warns where a run's own data is no longer what it learned " +
    "from",
  async () => {
    const files: Record<string, Uint8Array> = {
      "other/e.png": await gradientPng(8, 8, 50),
      "other/f.png": await gradientPng(8, 8, 60),
    };
    for (const name of ["a", "b", "c", "d"]) {
      files[`own/${name}.png`] = await gradientPng(8, 8, name.charCodeAt(0));
    }
    await withFiles(files, async (folder) => {
      const { run, place, warnings } = await runOn(folder);
      const open = async (source?: string) =>
        (await openMeasuredDataset(run, source, place)).close();
      await open();
      assert.deepEqual(warnings, [], "nothing has changed");
      await Deno.writeFile(join(folder, "own", "a.png"), await gradientPng(8, 8, 200));
      await open(join(folder, "other"));
      assert.deepEqual(warnings, [], "other data");
      await open();
      assert.equal(warnings.length, 1);
      assert.match(warnings[0]!, /the data of 00004-test has changed since it was trained/);
    });
  },
);

Deno.test("openOwnDataset() takes a run's data where it was moved to, and no other", async () => {
  const files = {
    "own/a.png": await gradientPng(8, 8, 10),
    "own/b.png": await gradientPng(8, 8, 20),
    "other/c.png": await gradientPng(8, 8, 30),
    "other/d.png": await gradientPng(8, 8, 40),
  };
  await withFiles(files, async (folder) => {
    const { run, place, warnings } = await runOn(folder), moved = join(folder, "moved");
    await Deno.rename(join(folder, "own"), moved);
    await assert.rejects(openOwnDataset(run, undefined, place), /own: .* where it is now: --data$/);
    (await openOwnDataset(run, moved, place)).close();
    assert.deepEqual(warnings, []);
    await assert.rejects(openOwnDataset(run, join(folder, "other"), place), (error: Error) => {
      assert.ok(error instanceof RunError);
      assert.match(error.message, /--data .*other: expected the data that it learned from, rec/);
      return true;
    });
  });
});

Deno.test(
  "openMeasuredDataset() leaves out of other data what is smaller than what is " +
    "measured, and says so",
  async () => {
    const files = {
      "own/a.png": await gradientPng(16, 16, 10),
      "own/b.png": await gradientPng(16, 16, 20),
      "other/c.png": await gradientPng(8, 8, 30),
      "other/d.png": await gradientPng(16, 16, 40),
      "other/tiny.png": await gradientPng(4, 4, 50),
      "small/e.png": await gradientPng(8, 8, 60),
    };
    await withFiles(files, async (folder) => {
      const { run, place, warnings } = await runOn(folder, 16, true);
      const countOf = async (source: string, resolution: number) => {
        const dataset = await openMeasuredDataset(run, join(folder, source), {
          ...place,
          resolution,
        });
        dataset.close();
        return dataset.info.heldOutCount;
      };
      assert.equal(await countOf("other", 8), 2);
      assert.match(
        warnings.pop()!,
        /^1 file is skipped, tiny\.png: .*inspect .*other --resolution 8 --skip-smaller .*--all$/,
      );
      assert.equal(await countOf("other", 16), 1);
      assert.match(warnings.pop()!, /^2 files are skipped, first /);
      assert.equal(await countOf("small", 8), 1);
      assert.deepEqual(warnings, [], "none is too small");
      await assert.rejects(() => countOf("small", 16), /at least 16 px a side/);
    });
  },
);
