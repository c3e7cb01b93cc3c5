/** An exported folder's page in a real Chromium: its pictures are the model's own. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { join } from "node:path";
import sharp from "sharp";
import * as tf from "@tensorflow/tfjs";
import type { Page } from "playwright-core";
import { openCpu } from "../../core/backend/cpu.ts";
import { rgbaOf } from "../../core/export/generator/picture.ts";
import { pageFiles } from "../../core/export/page/bundle_page.ts";
import type { ExportedModel } from "../../core/plugin/mod.ts";
import { Random, seedFor } from "../../core/random.ts";
import { withFolder } from "../../core/testing/with_folder.ts";
import { writeWhole } from "../../core/write_whole.ts";
import { proganSrExports } from "../../plugins/progan_sr/exports.ts";
import { completeSketch } from "../../plugins/sketch/complete/complete_sketch.ts";
import { sketchExports } from "../../plugins/sketch/exports.ts";
import { findChromium, missingChromium, openBrowser } from "../browser/chromium.ts";
import { until } from "../browser/page.ts";
import { serveFolder } from "./serve_folder.ts";
import { writeExported } from "./export_writing.ts";
import { grown, tinyEnlarger, tinySketcher, tinyStylegan } from "./tiny_models.ts";
import { ownPicture, writeGenerator } from "./seeded_generator.ts";
import { worst } from "./worst.ts";

// As for the dashboard: without Chromium the test is skipped with a message.
const ignore = findChromium() === undefined && !Deno.env.get("CI");
if (ignore) console.warn(`Exported pages are not tested in a browser: ${missingChromium()}`);

/** The bytes of the large picture, once it shows the requested values. */
async function shown(page: Page, options: Record<string, unknown>): Promise<number[]> {
  const parts = Object.entries(options).map(([key, value]) =>
    `JSON.stringify(JSON.parse(document.querySelector("#picture").dataset.drawn ?? "{}").${key}) ` +
    `=== ${JSON.stringify(JSON.stringify(value))}`
  );
  await until(page, parts.join(" && "));
  return await pixelsOf(page, "#picture");
}

/** The page's own files, bundled once. */
let bundled: ReturnType<typeof pageFiles> | undefined;

/** Opens the page of a folder. */
async function withPage(folder: string, use: (page: Page, url: string) => Promise<void>) {
  bundled ??= pageFiles();
  for (const [name, bytes] of Object.entries(await bundled)) {
    await writeWhole(join(folder, name), bytes);
  }
  await using server = serveFolder(folder);
  const browser = await openBrowser(), errors: string[] = [];
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(60_000);
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(server.url);
    await page.waitForSelector("[data-awake]");
    await use(page, server.url);
    assert.deepEqual(errors, []);
  } finally {
    await browser.close();
  }
}

/** The bytes of a canvas. */
const pixelsOf = (page: Page, selector: string) =>
  page.evaluate<number[]>(
    `(() => { const c = document.querySelector(${JSON.stringify(selector)});
      return [...c.getContext("2d").getImageData(0, 0, c.width, c.height).data]; })()`,
  );

Deno.test(
  { name: "the page of a StyleGAN in a real Chromium", ignore },
  (t) =>
    withFolder(async (folder) => {
      await openCpu();
      const model = tinyStylegan({ architecture: "stylegan2" });
      const drawn = grown(model, { alpha: 1 });
      await writeGenerator(folder, drawn, 3);
      await withPage(folder, async (page, url) => {
        await t.step("its pictures of seeds are the model's own", async () => {
          for (const seed of [0, 5]) {
            await page.fill("#seed", String(seed));
            await page.press("#seed", "Enter");
            const pixels = await shown(page, { seed, truncation: 0.7 });
            assert.ok(worst(pixels, rgbaOf(ownPicture(drawn, seed), 3)) <= 1);
          }
        });
        await t.step("it tells what computes", async () => {
          assert.match(await page.textContent("#facts") ?? "", /on Web(GPU|Assembly)/);
        });
        await t.step("styles are mixed, directions gone along, seeds walked", async () => {
          const still = await shown(page, { seed: 5 });
          await page.fill("#mix", "1");
          await page.press("#mix", "Enter");
          const mixed = await shown(page, { mix: { seed: 1, from: 3 } });
          assert.ok(worst(mixed, still) > 2);
          await page.locator("details input").fill("2");
          const moved = await shown(page, { directions: { turn: 2 } });
          assert.ok(worst(moved, mixed) > 2);
          await page.click("#walk");
          await until(page, `document.querySelector("#seed").value !== "5"`);
          await page.click("#walk");
          assert.equal(await page.textContent("#walk"), "Walk");
          // while a frame is drawn: the walk that was stopped does not go on beside the new one
          await page.evaluate(
            `for (let i = 0; i < 3; i++) document.querySelector("#walk").click()`,
          );
          const [from, frames] = await page.evaluate<[number, number]>(`new Promise((done) => {
            const seed = () => Number(document.querySelector("#seed").value), first = seed();
            let frames = 0;
            const count = () => seed() >= first + 3 ? done([first, frames]) : (frames++,
              requestAnimationFrame(count));
            count();
          })`);
          assert.ok(frames >= 60, `3 seeds from ${from} in ${frames} frames: two walks at once`);
          await page.click("#walk");
          assert.equal(await page.textContent(".problem"), "");
        });
        await t.step("a phone shows it without scrolling sideways", async () => {
          const wide = page.viewportSize();
          await page.setViewportSize({ width: 360, height: 740 });
          const width = await page.evaluate("document.documentElement.scrollWidth");
          assert.ok(Number(width) <= 360, `${width} px wide`);
          await page.setViewportSize(wide!); // openBrowser() sets one
        });
        await t.step("a page of one's own draws as well", async () => {
          await page.goto(`${url}page.css`); // any file of the folder that can be displayed
          const docs = await Deno.readTextFile(
            new URL("../../core/docs/export.md", import.meta.url),
          );
          const [, , code] = docs.split("```ts ignore\n").map((part) => part.split("```")[0]!);
          const script = code!.replaceAll(")!", ")") // removes the types
            .replace("./page/", "./").replace("seed: 1,", "seed: 5,");
          await page.evaluate(`document.body.append(document.createElement("canvas"))`);
          await page.addScriptTag({ content: script, type: "module" });
          await until(page, `document.querySelector("canvas").width === 16`);
          const pixels = await pixelsOf(page, "canvas");
          assert.ok(worst(pixels, rgbaOf(ownPicture(drawn, 5), 3)) <= 1);
        });
      });
      model.generator.remove();
      model.discriminator.remove();
    }),
);

Deno.test(
  { name: "the page of super-resolution in a real Chromium", ignore },
  () =>
    withFolder(async (folder) => {
      await openCpu();
      const run = tinyEnlarger({ scale: 2 }), { model } = run;
      const exported = proganSrExports(run);
      await writeExported(folder, { ...exported, side: 8 } as ExportedModel, 3); // several tiles
      const random = new Random(seedFor(1, "photo")), width = 12, height = 9;
      const rgb = Uint8Array.from({ length: width * height * 3 }, () => random.integer(256));
      const png = await sharp(rgb, { raw: { width, height, channels: 3 } }).png().toBuffer();
      const expected = tf.tidy(() => {
        const low = tf.tensor4d(Float32Array.from(rgb, (v) => v / 127.5 - 1), [
          1,
          height,
          width,
          3,
        ]);
        return tf.clipByValue(model.enlarge(low, 1), -1, 1).dataSync<"float32">().slice();
      });
      await withPage(folder, async (page) => {
        await page.setInputFiles("#file", { name: "a.png", mimeType: "image/png", buffer: png });
        await until(page, `document.querySelector("#picture").dataset.drawn === "a.png"`);
        const pixels = await pixelsOf(page, "#picture");
        assert.equal(pixels.length, 4 * width * height * 4);
        assert.ok(worst(pixels, rgbaOf(expected, 3)) <= 1);
        const text = { name: "b.txt", mimeType: "text/plain", buffer: Buffer.from("no picture") };
        await page.setInputFiles("#file", text);
        await until(page, `document.querySelector(".problem").textContent !== ""`);
        assert.match(await page.textContent(".problem") ?? "", /b\.txt: expected a picture/);
        assert.equal(await page.getAttribute(".problem", "role"), "alert");
        await page.setInputFiles("#file", { name: "c.png", mimeType: "image/png", buffer: png });
        await until(page, `document.querySelector("#picture").dataset.drawn === "c.png"`);
        await until(page, `document.querySelector(".problem").hidden`);
        assert.equal(await page.textContent(".problem"), "");
      });
      model.generator.remove();
      model.discriminator.remove();
    }),
);

Deno.test(
  { name: "the page of drawings in a real Chromium", ignore },
  () =>
    withFolder(async (folder) => {
      await openCpu();
      const run = tinySketcher({}), { model } = run;
      await writeExported(folder, sketchExports(run), 1);
      await withPage(folder, async (page) => {
        const box = (await page.locator("#pad").boundingBox())!; // it is visible
        const at = (x: number, y: number) =>
          [box.x + x * box.width, box.y + y * box.height] as const;
        await page.mouse.move(...at(0.2, 0.3));
        await page.mouse.down();
        await page.mouse.move(...at(0.8, 0.3), { steps: 4 });
        await page.mouse.up();
        const count = `document.querySelectorAll(".candidates canvas").length`;
        await until(page, `${count} === 9 && document.querySelector(".candidates").dataset.drawn`);
        // The page draws from what is on its pad.
        const ink = (await pixelsOf(page, "#pad")).filter((_, i) => i % 4 === 0)
          .map((v) => -(v / 127.5 - 1));
        const partial = Float32Array.from(ink);
        assert.ok(ink.some((v) => v > 0.2) && ink.some((v) => v < -0.9));
        const { merged } = completeSketch(model, { raster: partial, lines: [] }, {
          ...{ resolution: 16, alpha: 1, steps: 1, parts: [], seed: 0, index: 0 },
        });
        const first = await pixelsOf(page, ".candidates canvas");
        assert.ok(worst(first, rgbaOf(merged.map((v) => -v), 1)) <= 3); // rounded to bytes
        const before = await pixelsOf(page, "#pad");
        await page.mouse.move(...at(0.2, 0.7));
        await page.mouse.down({ button: "right" });
        await page.mouse.move(...at(0.8, 0.7), { steps: 4 });
        await page.mouse.up({ button: "right" });
        assert.deepEqual(await pixelsOf(page, "#pad"), before, "the right button draws nothing");
        await page.click(".candidates button");
        await until(page, `document.querySelector(".candidates").dataset.drawn === "1"`);
        assert.ok(worst(await pixelsOf(page, "#pad"), first) <= 1);
        assert.equal(await page.textContent(".problem"), "");
      });
      model.generator.remove();
      model.discriminator.remove();
    }),
);
