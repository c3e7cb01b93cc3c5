import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { withFolder } from "../../core/testing/with_folder.ts";
import { writeDiscs } from "../../tests/cli/discs_run.ts";

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));

Deno.test(
  "the program of ten lines trains as many images as it is told, and draws 64 " +
    "samples",
  () =>
    withFolder(async (folder) => {
      await writeDiscs(join(folder, "discs"), 40);
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [
          ...["run", "-A", "--no-check", "--config", path("../../deno.json"), path("program.ts")],
          ...["discs", "64", "grid.png"],
        ],
        cwd: folder,
        env: { NO_COLOR: "1" },
      }).output();
      const text = new TextDecoder();
      assert.equal(code, 0, text.decode(stderr));
      assert.match(
        text.decode(stdout),
        /^00000-stylegan-discs: 64 images, --images 64 is reached\. 64 samples are in grid\.png\n$/,
      );
      const { width, height } = await sharp(join(folder, "grid.png")).metadata();
      assert.deepEqual([width, height], [8 * 64, 8 * 64]);
    }),
);
