import assert from "node:assert/strict";
import { join } from "node:path";
import sharp from "sharp";
import { encodePng } from "../../images/mod.ts";
import { withFiles } from "../../testing/with_folder.ts";
import { keptNotices } from "../notices.ts";
import { RunError } from "../run_error.ts";
import { openFolderSamples } from "./folder_samples.ts";

const SIDE = 4;

/** A picture of one grey. */
const grey = (value: number, side = SIDE) =>
  encodePng({
    ...{ pixels: new Uint8Array(side * side * 3).fill(value), width: side, height: side },
    channels: 3,
  });

/** A picture whose pixels are most of its file. */
const noisy = () => {
  const pixels = Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, i) => (i * 97) % 251);
  return encodePng({ pixels, width: SIDE, height: SIDE, channels: 3 });
};

const run = () => ({
  ...{ id: "00003-emoji", resolution: SIDE, notices: keptNotices() },
  spec: { data: { fit: "cover", background: "#ff0000", channels: 3 } as const },
});

/** The first byte of each picture. */
async function greys(batches: AsyncIterable<Uint8Array>): Promise<number[]> {
  const found: number[] = [];
  for await (const batch of batches) {
    for (let at = 0; at < batch.length; at += SIDE * SIDE * 3) found.push(batch[at]!); // inside
  }
  return found;
}

Deno.test("a folder's pictures come in an order of the seed, each once, some or all", async () => {
  const files: Record<string, Uint8Array> = { "all/note.txt": new TextEncoder().encode("hi") };
  for (let i = 0; i < 40; i++) files[`all/${i % 2}/${i}.png`] = await grey(i);
  await withFiles(files, async (folder) => {
    const opened = run();
    const samples = await openFolderSamples(opened, join(folder, "all"), 1);
    assert.equal(samples.count, 40);
    assert.match(opened.notices.warnings.join(), /left out of .*all: .*note\.txt/);
    const all = await greys(samples.batches(0, 40));
    assert.deepEqual([...all].sort((a, b) => a - b), Array.from({ length: 40 }, (_, i) => i));
    assert.deepEqual(await greys(samples.batches(3, 35)), all.slice(3, 38));
    const again = await openFolderSamples(run(), join(folder, "all"), 1);
    assert.deepEqual(await greys(again.batches(0, 40)), all);
    const other = await openFolderSamples(run(), join(folder, "all"), 2);
    assert.notDeepEqual(await greys(other.batches(0, 40)), all);
  });
});

Deno.test("opacity lies on the background of the run's data", async () => {
  const clear = await sharp({
    create: { width: SIDE, height: SIDE, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
  }).png().toBuffer();
  const files = Object.fromEntries([0, 1, 2, 3].map((i) => [`${i}.png`, new Uint8Array(clear)]));
  await withFiles(files, async (folder) => {
    const samples = await openFolderSamples(run(), folder, 0);
    for await (const batch of samples.batches(0, 4)) {
      assert.deepEqual([...batch.subarray(0, 3)], [255, 0, 0]);
    }
  });
});

Deno.test("a folder's files that are left out or read in part are told of", async () => {
  const files: Record<string, Uint8Array> = {
    "0.txt": new Uint8Array(9),
    "1.txt": Uint8Array.of(9),
  };
  for (let i = 0; i < 4; i++) files[`${i}.png`] = await grey(i);
  const raw = { width: SIDE, height: 2 * SIDE, channels: 3 as const, pageHeight: SIDE };
  const frames = Uint8Array.from({ length: 2 * SIDE * SIDE * 3 }, (_, i) => i % 256);
  for (const name of ["4.gif", "5.gif", "6.gif"]) {
    files[name] = new Uint8Array(await sharp(frames, { raw }).gif().toBuffer());
  }
  await withFiles(files, async (folder) => {
    const notices = keptNotices();
    assert.equal((await openFolderSamples({ ...run(), notices }, folder, 0)).count, 7);
    const { warnings } = notices;
    assert.equal(warnings.length, 2);
    assert.match(warnings[0]!, /^left out of .*: .*0\.txt \(.*\) and 1 more file$/);
    assert.match(
      warnings[1]!,
      /^read in part: .*\.gif \(only the first of 2 frames is used\) and 2 more files$/,
    );
  });
});

Deno.test("pictures that can't be compared are refused, and the message says which", async () => {
  const whole = await grey(1),
    noise = await noisy(),
    refused = async (folder: string, message: RegExp) =>
      await assert.rejects(openFolderSamples(run(), folder, 0), (error: Error) => {
        assert.ok(error instanceof RunError);
        assert.match(error.message, message);
        return true;
      });
  const three = { "0.png": whole, "1.png": whole, "2.png": whole };
  await withFiles(three, async (folder) => {
    await refused(folder, /expected at least 4 pictures, received 3\. Draw more/);
    await refused(join(folder, "none"), /expected a folder of pictures: .*none/);
    await refused(join(folder, "0.png"), /expected a folder of pictures, received a file/);
  });
  await withFiles({ ...three, "3.png": await grey(1, 8) }, (folder) =>
    refused(
      folder,
      /of 4 × 4 px, where 00003-emoji stands, received .*3\.png of 8 × 8 px\. Draw them at/,
    ));
  for (const length of [40, noise.length - 30]) {
    await withFiles(
      { ...three, "3.png": noise.subarray(0, length) },
      (folder) => refused(folder, /received .*3\.png: damaged.*Draw it again/),
    );
  }
});
