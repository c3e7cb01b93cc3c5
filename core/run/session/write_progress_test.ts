import assert from "node:assert/strict";
import { join } from "node:path";
import sharp from "sharp";
import { samplePath } from "../folder/sample_path.ts";
import { withFolder } from "../../testing/with_folder.ts";
import { writeProgress } from "./write_progress.ts";

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
      assert.equal(await writeProgress(folder), false);
      await grid(200, "blue");
      assert.equal(await writeProgress(folder), true);
      const { pages } = await sharp(join(folder, "progress.webp"), { animated: true }).metadata();
      assert.equal(pages, 2);
    }));
}
