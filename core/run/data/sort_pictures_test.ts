import assert from "node:assert/strict";
import { join } from "node:path";
import sharp from "sharp";
import { selectBackend } from "../../backend/mod.ts";
import type { PictureClasses } from "../../data.ts";
import { Random, seedFor } from "../../random.ts";
import { withFiles } from "../../testing/with_folder.ts";
import { openDataset } from "../../../datasets/mod.ts";
import { openRun } from "../open_run.ts";
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

/** 40 discs and 30 grids, alternating as long as there are both. */
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
    const options = { clusters: 20, notices, cache };
    const classes = await sortPictures(dataset, options); // 70 pictures: two at most
    assert.deepEqual(numbers(classes), kinds);
    assert.equal(classes?.heldOut, "");
    const [kept] = [...Deno.readDirSync(join(cache, "classes"))];
    const other = { ...classes!, train: kinds.map((k) => 1 - k).join(" ") };
    Deno.writeTextFileSync(join(cache, "classes", kept!.name), JSON.stringify(other));
    assert.deepEqual(await sortPictures(dataset, options), other); // not looked at again
    Deno.writeTextFileSync(join(cache, "classes", kept!.name), '{"train": "0 1"');
    assert.deepEqual(await sortPictures(dataset, options), classes); // damaged
    dataset.close();
    const few = await open(0.5);
    assert.equal(await sortPictures(few, options), undefined); // 35: one class
    few.close();
    assert.deepEqual(lines.splice(0), [
      "Pictures are not sorted into classes: 35 are fewer than 60",
    ]);
    const some = await open(0.14); // ten
    const parts = await sortPictures(some, options);
    const all = [...numbers(parts)!, ...parts!.heldOut.split(" ").map(Number)];
    assert.equal(all.filter((k) => k === 1).length, 30);
    assert.equal(parts!.heldOut.split(" ").length, some.info.heldOutCount);
    some.close();
    await Deno.remove(join(cache, "classes"), { recursive: true });
    await Deno.writeTextFile(join(cache, "classes"), "in the way");
    const last = await open(0);
    assert.deepEqual(await sortPictures(last, options), classes);
    assert.match(lines.join(), /^the cache does not keep the pictures' classes: Cannot write/);
    last.close();
  });
});

/** Options of a run of 8 images on the folder's pictures, where it lies, and what it tells. */
function runIn(folder: string) {
  const { notices, lines } = told();
  const own = { runs: join(folder, "runs"), kv: join(folder, "kv"), notices, threads: 1 };
  const tiny = { latentSize: 4, mappingLayers: 1, channelMax: 4 };
  const sizes = { startResolution: 4, resolution: 4, batch: 4, images: 8, previewCount: 4 };
  const data = { data: join(folder, "in"), cache: join(folder, "cache"), heldOut: 0 };
  return { own, lines, options: { ...own, ...sizes, ...data }, tiny };
}

Deno.test("a run goes on with the classes that it began with, and with no other pictures", async () => {
  const { files } = await pictures();
  await withFiles(files, async (folder) => {
    const { own, lines, options, tiny } = runIn(folder);
    using run = await startRun({ ...options, options: { ...tiny, clusters: 5 } });
    await run.train();
    assert.deepEqual(run.dataset.labels, ["0", "1"]);
    const { classes } = run.dataset;
    assert.match(lines.join("\n"), /70 pictures are sorted into 2 classes.*--clusters 5/);
    const { width, height } = await sharp(join(run.folder, "classes.png")).metadata();
    assert.deepEqual([width, height], [16 * 4 + 17 * 2, 2 * 4 + 3 * 2]); // cells, gaps
    run[Symbol.dispose]();
    lines.length = 0;
    const elsewhere = { ...own, cache: join(folder, "other") };
    using again = await resumeRun({ ...elsewhere, images: 12 });
    assert.deepEqual(again.dataset.classes, classes);
    await again.train();
    assert.equal(again.imagesSeen, 12);
    assert.doesNotMatch(lines.join("\n"), /sorted|changed/);
    const drawn = await again.draw([1, 2], { labels: ["0", "1"] });
    assert.deepEqual(drawn.shape, [2, 4, 4, 3]);
    again[Symbol.dispose]();
    await Deno.writeFile(join(folder, "in", "new.png"), await picture("disc"));
    lines.length = 0;
    await assert.rejects(
      resumeRun({ ...own, force: true }),
      /Cannot go on: expected the pictures that the run sorted .* received 71 .*--from/,
    );
    using opened = await openRun(own);
    await assert.rejects(opened.metrics({ cache: options.cache }), /Cannot measure .* received 71/);
    assert.doesNotMatch(lines.join("\n"), /sorted/);
  });
});

Deno.test("a run that begins with another's weights takes its classes only if it wants the same", async () => {
  const { files } = await pictures();
  await withFiles(files, async (folder) => {
    const { options, lines, tiny } = runIn(folder);
    using run = await startRun({ ...options, options: { ...tiny, clusters: 5 } });
    await run.train();
    const { classes } = run.dataset;
    await Deno.remove(join(folder, "cache", "classes"), { recursive: true });
    const from = { ...options, from: "0" };
    lines.length = 0;
    using same = await startRun(from);
    assert.deepEqual(same.dataset.classes, classes);
    assert.doesNotMatch(lines.join("\n"), /sorted/);
    using none = await startRun({ ...from, options: { clusters: 0 } });
    assert.deepEqual([none.dataset.labels, none.dataset.classes], [[], undefined]);
    using other = await startRun({ ...from, options: { clusters: 4 } });
    assert.equal(other.dataset.classes?.clusters, 4);
    await none.train();
    using more = await startRun({ ...from, from: none.id, options: { clusters: 5 } });
    assert.deepEqual(more.dataset.classes, classes);
  });
});
