import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { withFolder } from "../../core/testing/with_folder.ts";
import config from "../../deno.json" with { type: "json" };
import { writeDiscs } from "../cli/discs_run.ts";
import { runNotebook } from "./run_notebook.ts";

const NOTEBOOK = new URL("../../plugins/examples/train_a_gan.ipynb", import.meta.url);

/** A folder whose kernel resolves the same imports as the repository's own. */
async function writeConfig(folder: string): Promise<void> {
  const { unstable, nodeModulesDir } = config;
  const importMap = fileURLToPath(new URL("../../deno.json", import.meta.url));
  await Deno.writeTextFile(
    join(folder, "deno.json"),
    JSON.stringify({ importMap, unstable, nodeModulesDir }),
  );
}

Deno.test(
  "the notebook trains, plots both losses and shows the grid, run by Deno's Jupyter " +
    "kernel",
  () =>
    withFolder(async (folder) => {
      await writeDiscs(join(folder, "discs"), 40);
      await writeConfig(folder);
      const outputs = await runNotebook(NOTEBOOK, folder, `data = "discs"; images = 128;`);
      const [, trained, losses, grid] = outputs;
      assert.match(trained!.printed, /00000-stylegan-discs: 128 images, --images 128 is reached\n/);
      const svg = String(losses!.shown[0]?.["image/svg+xml"]);
      const lines = [...svg.matchAll(/<polyline points="([^"]+)"/g)].map(([, points]) =>
        points!.split(" ").map((point) => point.split(",").map(Number))
      );
      assert.equal(lines.length, 2);
      for (const points of lines) {
        assert.ok(points.length >= 2, svg); // a curve
        assert.ok(points.flat().every((x) => Number.isFinite(x) && x >= 0 && x <= 640), svg);
      }
      await sharp(Buffer.from(svg)).png().toBuffer(); // it can be rendered
      const png = String(grid!.shown[0]?.["image/png"]);
      const { width, height } = await sharp(Buffer.from(png, "base64")).metadata();
      assert.deepEqual([width, height], [8 * 64, 8 * 64]);
    }),
);
