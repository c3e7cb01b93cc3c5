import assert from "node:assert/strict";
import { join } from "node:path";
import sharp from "sharp";
import { selectBackend } from "../../backend/mod.ts";
import type { PictureClasses } from "../../data.ts";
import { Random, seedFor } from "../../random.ts";
import { withFiles } from "../../testing/with_folder.ts";
import { openDataset } from "../../../datasets/mod.ts";
import { resumeRun } from "../resume_run.ts";
import { startRun } from "../start_run.ts";
import type { Notices } from "../notices.ts";
import { sortPictures } from "./sort_pictures.ts";

const random = new Random(seedFor(4, "pictures"));

/** A disc or a grid of lines, somewhere, in some colour. */
async function picture(kind: "disc" | "grid"): Promise<Uint8Array> {
  const hue = Math.floor(360 * random.uniform()), at = 24 + 16 * random.uniform();
  const colour = `hsl(${hue} 80% 50%)`;
  const shape = kind === "disc"
    ? `<circle cx="${at}" cy="${at}" r="18" fill="${colour}"/>`
    : Array.from(
      { length: 8 },
      (_, i) => `<path d="M${8 * i + at / 8} 0v64M0 ${8 * i}h64" stroke="${colour}"/>`,
    ).join("");
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64">` +
    `<rect width="64" height="64" fill="#fff"/>${shape}</svg>`;
  return await sharp(new TextEncoder().encode(svg)).png().toBuffer();
}

/** 40 discs and 30 grids by turns, as far as there are any. */
async function pictures(): Promise<{ files: Record<string, Uint8Array>; kinds: number[] }> {
  const files: Record<string, Uint8Array> = {}, kinds: number[] = [];
  for (let i = 0; i < 70; i++) {
    const kind = i % 2 === 1 && i < 60 ? "grid" : "disc";
    files[`in/${String(i).padStart(2, "0")}.png`] = await picture(kind);
    kinds.push(kind === "disc" ? 0 : 1);
  }
  return { files, kinds };
}

function told() {
  const lines: string[] = [];
  const tell = (message: string) => void lines.push(message);
  const notices: Notices = { progress() {}, log: tell, warn: tell, done() {} };
  return { notices, lines };
}

const numbers = (classes: PictureClasses | undefined) => classes?.train.split(" ").map(Number);

Deno.test("sortPictures() tells discs from grids, the larger class first, and keeps them", async () => {
  await selectBackend({ threads: 1 });
  const { files, kinds } = await pictures(), { notices, lines } = told();
  await withFiles(files, async (folder) => {
    const cache = join(folder, "cache"), source = join(folder, "in");
    const open = (heldOut: number) =>
      openDataset({ kind: "images", source, cacheDir: cache, maxResolution: 64, heldOut });
    const dataset = await open(0);
    const classes = await sortPictures(dataset, 20, notices, cache); // 70 pictures: two at most
    assert.deepEqual(numbers(classes), kinds);
    assert.equal(classes?.heldOut, "");
    const [kept] = [...Deno.readDirSync(join(cache, "classes"))];
    const other = { train: kinds.map((k) => 1 - k).join(" "), heldOut: "" };
    Deno.writeTextFileSync(join(cache, "classes", kept!.name), JSON.stringify(other));
    assert.deepEqual(await sortPictures(dataset, 20, notices, cache), other); // not looked at again
    Deno.writeTextFileSync(join(cache, "classes", kept!.name), '{"train": "0 1"');
    assert.deepEqual(await sortPictures(dataset, 20, notices, cache), classes); // damaged
    dataset.close();
    const few = await open(0.5);
    assert.equal(await sortPictures(few, 20, notices, cache), undefined); // 35: one class
    few.close();
    assert.deepEqual(lines, []);
  });
});

Deno.test("a run goes on with the classes that it began with, whatever the cache says", async () => {
  const { files, kinds } = await pictures();
  await withFiles(files, async (folder) => {
    const { notices, lines } = told();
    const own = { runs: join(folder, "runs"), kv: join(folder, "kv"), notices, threads: 1 };
    const options = { latentSize: 4, mappingLayers: 1, channelMax: 4, clusters: 5 };
    const sizes = { startResolution: 4, resolution: 4, batch: 4, images: 8, previewCount: 4 };
    using run = await startRun({
      ...own,
      ...sizes,
      data: join(folder, "in"),
      cache: join(folder, "cache"),
      heldOut: 0,
      options,
    });
    await run.train();
    const labels = run.dataset.labels;
    assert.deepEqual(labels, ["0", "1"]);
    const classes = run.dataset.classes;
    assert.deepEqual(numbers(classes)?.length, kinds.length);
    assert.match(lines.join("\n"), /70 pictures are sorted into 2 classes/);
    const { width, height } = await sharp(join(run.folder, "classes.png")).metadata();
    assert.deepEqual([width, height], [16 * 4 + 17 * 2, 2 * 4 + 3 * 2]); // cells, gaps
    run[Symbol.dispose]();
    lines.length = 0;
    using again = await resumeRun({ ...own, cache: join(folder, "other"), images: 12 });
    assert.deepEqual(again.dataset.classes, classes);
    await again.train();
    assert.equal(again.imagesSeen, 12);
    assert.doesNotMatch(lines.join("\n"), /sorted|changed/);
    const drawn = await again.draw([1, 2], { labels: ["0", "1"] });
    assert.deepEqual(drawn.shape, [2, 4, 4, 3]);
  });
});
