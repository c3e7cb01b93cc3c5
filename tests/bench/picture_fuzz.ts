/**
 * Decodes spoiled pictures for some minutes: `deno run -A tests/bench/picture_fuzz.ts 15 [seed]`. A
 * child process decodes and this one watches it. A crash of the native decoder, no answer for 2
 * min, an error that is not a PictureError, or more than 2 GB of memory ends the run, and the file
 * is kept.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp, { type Sharp } from "sharp";
import { openPicture, PictureError } from "../../core/images/mod.ts";
import { Random, seedFor } from "../../core/random.ts";
import { withFolder } from "../../core/testing/with_folder.ts";
import { pictureFiles, spoiled } from "../fuzz/spoiled_pictures.ts";
import { numberOf, parseWords } from "./parse_flags.ts";
import { linesOf } from "../faults/tiny_run.ts";

const PATIENCE = 120_000, MOST_BYTES = 2e9, AT_ONCE = 16;

async function decodeAll(place: string, minutes: number, seed: number): Promise<void> {
  sharp.concurrency(1); // one thread per picture, since there are enough pictures
  // CMYK takes a quarter of a second each time, because of its colour tables.
  const { "jpeg, CMYK": cmyk, ...files } = await pictureFiles();
  const contents = Object.values(files), until = Date.now() + minutes * 60_000;
  const counts = { inputs: 0, decoded: 0, refused: 0, slowest: 0, memory: 0 };
  const decode = async (i: number) => {
    const random = new Random(seedFor(seed, String(i)));
    const whole = i % 50 === 49 ? cmyk! : contents[random.integer(contents.length)]!; // in bounds
    const bytes = spoiled(whole, contents, random);
    Deno.writeFileSync(`${place}-${i % AT_ONCE}.bin`, bytes);
    const begun = performance.now();
    try {
      const picture = await openPicture(bytes, 4e6);
      const ownColors = random.integer(4) === 0, least = random.integer(2) ? 8 : Infinity;
      const pages = random.integer(3) ? 1 : -1;
      const raw = (image: Sharp) => image.raw({ depth: "uchar" });
      const { data, info } = await picture.decode(raw, { ownColors, least, pages });
      assert.equal(data.length, info.width * info.height * info.channels);
      counts.decoded++;
    } catch (error) {
      if (!(error instanceof PictureError)) throw error;
      counts.refused++;
    }
    counts.inputs++;
    counts.slowest = Math.max(counts.slowest, Math.round(performance.now() - begun));
  };
  for (let i = 0; Date.now() < until; i += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, (_, k) => decode(i + k)));
    if (i % (16 * AT_ONCE) !== 0) continue;
    counts.memory = Math.max(counts.memory, Deno.memoryUsage().rss);
    assert.ok(counts.memory < MOST_BYTES, `${counts.memory} bytes of memory`);
    console.log(JSON.stringify(counts));
  }
  console.log(JSON.stringify(counts));
}

async function watch(minutes: string, seed: string): Promise<void> {
  await withFolder(async (folder) => {
    const place = join(folder, "input");
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", fileURLToPath(import.meta.url), minutes, seed, place],
      stdout: "piped",
    }).spawn();
    let last = "", timer = setTimeout(() => child.kill("SIGKILL"), 4 * PATIENCE);
    for await (const line of linesOf(child.stdout)) {
      clearTimeout(timer);
      timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
      last = line;
      console.log(line);
    }
    clearTimeout(timer);
    const { code, signal } = await child.status;
    if (code === 0) return;
    const kept = `picture-fuzz-${seed}`;
    await Deno.mkdir(kept, { recursive: true });
    for await (const { name } of Deno.readDir(folder)) {
      await Deno.copyFile(join(folder, name), join(kept, name));
    }
    throw new Error(`Ended with ${signal ?? code} after ${last}: ${kept} has the last inputs`);
  });
}

// the child process also gets a place
const [minutes = "15", seed = "1", place] = parseWords(["MINUTES", "SEED", "PLACE"]);
const length = numberOf("MINUTES", minutes), number = numberOf("SEED", seed);
if (place === undefined) await watch(minutes, seed);
else await decodeAll(place, length, number);
