import assert from "node:assert/strict";
import { join } from "node:path";
import { zipSync } from "fflate";
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

Deno.test(
  "inspectDataset() tells of a set that is half grey, and of what was passed " +
    "over",
  async () => {
    const grey = await sharp(await gradientPng(16)).toColourspace("b-w").png().toBuffer();
    const film = await sharp([await gradientPng(16), await gradientPng(16, 16, 9)], {
      join: { animated: true },
    }).webp().toBuffer();
    const asRgb = await sharp(grey).toColourspace("srgb").jpeg().toBuffer();
    const files = {
      ...{ "in/1.png": await gradientPng(16), "in/2.png": grey, "in/3.webp": film },
      "in/4.jpg": asRgb,
    };
    await withFiles(files, async (folder) => {
      const found = await inspectDataset(imagesIn(folder));
      assert.equal(found.grey, 2, "one of them is kept as RGB");
      assert.deepEqual(found.notes, [{ name: "only the first of 2 frames is used", count: 1 }]);
      assert.equal((await inspectDataset(imagesIn(folder, { channels: 1 }))).grey, 0);
    });
    await withFiles({ "in/1.png": grey }, async (folder) => {
      assert.equal((await inspectDataset(imagesIn(folder))).grey, 0, "all of them are");
    });
  },
);

Deno.test("camera poses in dataset.json are noted, and refused where labels are required", async () => {
  const json = '{"labels": [["0.png", [0.1, 0.2]]]}', png = await gradientPng(16);
  const files = {
    "in/0.png": png,
    "in/dataset.json": json,
    "set.zip": zipSync({ "0.png": png, "dataset.json": new TextEncoder().encode(json) }),
  };
  await withFiles(files, async (folder) => {
    for (const source of [join(folder, "in"), join(folder, "set.zip")]) {
      const { info, notes } = await inspectDataset(imagesIn(folder, { source }));
      assert.equal(info.count, 1);
      assert.match(notes[0]!.name, /not classes: \["0.png",\[0.1,0.2\]\]$/);
      await assert.rejects(openDataset(imagesIn(folder, { source, labels: "required" })), {
        name: "ConfigError",
        message: `Cannot use the labels of ${join(source, "dataset.json")}: expected a class for ` +
          "each file (a whole number, a name, or a list with a single 1), received " +
          '["0.png",[0.1,0.2]]. Leave --labels out, or take that file away, so that folders are ' +
          "the classes",
      });
    }
  });
});

Deno.test("folders train and test are the split, whatever share is asked for", async () => {
  const files = {
    "in/train/cat/1.png": await gradientPng(16),
    "in/train/dog/2.png": await gradientPng(16, 16, 9),
    "in/test/cat/3.png": await gradientPng(16, 16, 18),
  };
  await withFiles(files, async (folder) => {
    const { info, labels, notes } = await inspectDataset(imagesIn(folder, { heldOut: 0.5 }));
    assert.deepEqual([info.count, info.heldOutCount], [2, 1]);
    assert.deepEqual(labels, [{ name: "cat", count: 2 }, { name: "dog", count: 1 }]);
    const note = /^the folders test, train are the split.* --held-out is not used$/;
    assert.match(notes[0]!.name, note);
    assert.match(info.notes![0]!, note, "for those who train");
    const dataset = await openDataset(imagesIn(folder));
    const loader = dataset.open({
      resolution: 4,
      batchSize: 1,
      cursor: 0,
      seed: 0,
      split: "held-out",
    });
    assert.equal((await loader.next()).images!.data[2], Math.fround(18 / 127.5 - 1), "its blue");
    loader.close();
    dataset.close();
  });
});

Deno.test("a changed dataset.json gives other labels and another digest at once", async () => {
  const names = ["00000/img00000000.png", "00000/img00000001.png"];
  const json = (first: number) =>
    JSON.stringify({ labels: names.map((name, i) => [name, first + i]) });
  const files = {
    [`in/${names[0]}`]: await gradientPng(16),
    [`in/${names[1]}`]: await gradientPng(16, 16, 9),
    "in/dataset.json": json(0),
  };
  await withFiles(files, async (folder) => {
    const before = await inspectDataset(imagesIn(folder));
    await Deno.writeTextFile(join(folder, "in", "dataset.json"), json(1));
    const after = await inspectDataset(imagesIn(folder));
    assert.deepEqual([before.info.labels, after.info.labels], [["0", "1"], ["1", "2"]]);
    assert.notEqual(before.info.digest, after.info.digest);
  });
});

Deno.test(
  "writeContactSheet() shows images large enough to see, and sketches beside their " +
    "part",
  async () => {
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
      // 8 px, scaled by eight, with gaps of 2
      assert.deepEqual([width, height], [2 * 64 + 3 * 2, 64 + 2 * 2]);
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
  },
);

Deno.test(
  "inspectDataset() counts every line that is left out of a file, also those without a " +
    "name",
  async () => {
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
        { name: 'JSON without "drawing"', count: 1 },
      ]);
      assert.equal(countSkipped(info.skipped), 501);
    });
  },
);
