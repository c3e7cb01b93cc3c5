import assert from "node:assert/strict";
import { join } from "node:path";
import sharp from "sharp";
import { countSkipped } from "../core/data.ts";
import { withFiles } from "../core/testing/with_folder.ts";
import { writeContactSheet } from "./contact_sheet.ts";
import { inspectDataset } from "./inspect.ts";
import { openDataset } from "./open_dataset.ts";
import { gradientPng, imagesIn } from "./test_images.ts";

Deno.test("inspectDataset() counts sizes, labels, reasons and what was enlarged", async () => {
  const files = {
    "in/a/1.png": await gradientPng(16),
    "in/a/2.png": await gradientPng(16, 16, 9),
    "in/b/3.png": await gradientPng(20, 6),
    "in/b/4.png": "",
    "in/b/5.txt": "x",
  };
  await withFiles(files, async (folder) => {
    const found = await inspectDataset(imagesIn(folder));
    assert.deepEqual(found.sizes, [{ name: "16×16", count: 2 }, { name: "20×6", count: 1 }]);
    assert.deepEqual(found.labels, [{ name: "a", count: 2 }, { name: "b", count: 1 }]);
    assert.equal(found.enlarged, 1);
    assert.deepEqual(found.reasons.map(({ count }) => count), [1, 1]);
    assert.deepEqual(found.cache!.resolutions, [4, 8]);
    assert.equal(found.cache!.bytes, 3 * 3 * (4 * 4 + 8 * 8));
  });
});

Deno.test("writeContactSheet() shows images large enough to see, and sketches beside their part", async () => {
  const stroke = (x: number) => [[x, x + 9], [0, 9]];
  const drawing = JSON.stringify({ drawing: [stroke(0), stroke(20), stroke(40)] });
  const files = {
    "in/1.png": await gradientPng(8),
    "in/2.png": await gradientPng(9),
    "s.ndjson": drawing,
  };
  await withFiles(files, async (folder) => {
    const images = await openDataset(imagesIn(folder));
    const path = join(folder, "sheet.png");
    assert.equal(await writeContactSheet(path, images, { columns: 2 }), 2);
    const { width, height } = await sharp(path).metadata();
    assert.deepEqual([width, height], [2 * 64 + 3 * 2, 64 + 2 * 2]); // 8 px, eight times, gaps of 2
    images.close();
    const sketches = await openDataset({
      kind: "sketches",
      source: join(folder, "s.ndjson"),
      maxResolution: 8,
      heldOut: 0,
    });
    assert.equal(await writeContactSheet(path, sketches, { columns: 1 }), 2);
    const sheet = await sharp(path).metadata();
    assert.deepEqual([sheet.width, sheet.height], [2 * 64 + 2 * 2, 2 * 64 + 3 * 2]);
  });
});

Deno.test("inspectDataset() counts every line that is left out of a file, also those without a name", async () => {
  const good = JSON.stringify({ drawing: [[[0, 9], [0, 9]], [[0, 9], [9, 0]]] });
  const lines = [good, ...Array.from({ length: 500 }, () => "{"), "null"];
  await withFiles({ "a.ndjson": lines.join("\n") }, async (folder) => {
    const { info, reasons } = await inspectDataset({
      kind: "sketches",
      source: join(folder, "a.ndjson"),
      maxResolution: 8,
    });
    assert.deepEqual(reasons, [
      { name: "a line that is not JSON", count: 500 },
      { name: 'a line without "drawing"', count: 1 },
    ]);
    assert.equal(countSkipped(info.skipped), 501);
  });
});
