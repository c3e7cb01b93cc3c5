import assert from "node:assert/strict";
import { join } from "node:path";
import sharp from "sharp";
import { samplePath } from "../folder/sample_path.ts";
import { withFolder } from "../../testing/with_folder.ts";
import { surplusSamples } from "../folder/thin_samples.ts";
import { chooseFrames, writeProgress } from "./write_progress.ts";

for (const weights of ["ema", "live"] as const) {
  Deno.test(`progress.webp is made of two grids or more, of ${weights} weights`, () =>
    withFolder(async (folder) => {
      await Deno.mkdir(join(folder, "samples"));
      const grid = async (imagesSeen: number, background: string) => {
        const path = samplePath({ imagesSeen, resolution: 8, phaseKind: "stabilize", weights });
        await sharp({ create: { width: 16, height: 16, channels: 3, background } }).png()
          .toFile(join(folder, path));
      };
      await grid(100, "red");
      assert.deepEqual(await writeProgress(folder), []);
      await grid(200, "blue");
      assert.deepEqual(await writeProgress(folder), ["progress.webp"]);
      const { pages } = await sharp(join(folder, "progress.webp"), { animated: true }).metadata();
      assert.equal(pages, 2);
      assert.deepEqual(await writeProgress(folder, "both"), ["progress.webp", "progress.gif"]);
      const gif = await sharp(join(folder, "progress.gif"), { animated: true }).metadata();
      assert.deepEqual([gif.format, gif.pages], ["gif", 2]);
    }));
}

Deno.test(
  "progress.webp shows the same moments of a run whose grids were thinned, evenly in " +
    "images",
  () => {
    const paths = Array.from({ length: 4001 }, (_, i) => {
      const resolution = i < 400 ? 8 : 16, phaseKind = "stabilize";
      return samplePath({ imagesSeen: 1000 * i, resolution, phaseKind });
    });
    const momentsOf = (of: readonly string[]) =>
      chooseFrames(of, 41).map((path) => Number(/\d+/.exec(path)![0]));
    const moments = Array.from({ length: 41 }, (_, i) => 100_000 * i);
    assert.deepEqual(momentsOf(paths), moments);
    const surplus = new Set(surplusSamples(paths, 400));
    const left = paths.filter((path) => !surplus.has(path));
    momentsOf(left).forEach((moment, i) => assert.ok(Math.abs(moment - moments[i]!) <= 16_000));
    assert.deepEqual(chooseFrames(left.toReversed(), left.length), left);
  },
);
