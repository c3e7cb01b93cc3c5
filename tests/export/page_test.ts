/** An exported folder in a program and in a real Chromium: the pictures are the model's own. */
import assert from "node:assert/strict";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import type { Page } from "playwright-core";
import { openCpu } from "../../core/backend/cpu.ts";
import type { LatentFacts } from "../../core/export/generator/format.ts";
import { openGenerator } from "../../core/export/generator/load_generator.ts";
import { packGenerator } from "../../core/export/generator/pack.ts";
import { rgbaOf } from "../../core/export/generator/picture.ts";
import {
  type DrawnModel,
  generateFunction,
  recordGraph,
  styleFunctions,
} from "../../core/export/mod.ts";
import { pageFiles } from "../../core/export/page/bundle_page.ts";
import { labelOf, latentOf, noiseOf } from "../../core/latents/seeded.ts";
import type { Model } from "../../core/plugin/mod.ts";
import { Random, seedFor, withStepRandom } from "../../core/random.ts";
import { withFolder } from "../../core/testing/with_folder.ts";
import { writeWhole } from "../../core/write_whole.ts";
import { findChromium, missingChromium, openBrowser } from "../browser/chromium.ts";
import { until } from "../browser/page.ts";
import { serveFolder } from "./serve_folder.ts";
import { grown, LATENT_SIZE, tinyProgan, tinyStylegan } from "./tiny_models.ts";

const step = new Random(seedFor(6, "direction")).normals(LATENT_SIZE);

/** Writes the two files that programs read. */
async function writeGenerator(
  folder: string,
  drawn: DrawnModel & { model: Model },
  channels: number,
): Promise<void> {
  const styles = styleFunctions(drawn);
  const functions = styles
    ? {
      map: await recordGraph(styles.map, "input"),
      synthesize: await recordGraph(styles.synthesize, "input"),
    }
    : { generate: await recordGraph(generateFunction(drawn), "input") };
  const facts: LatentFacts = {
    kind: "latents",
    name: "tiny",
    imagesSeen: 16,
    resolution: 16,
    channels,
    latentSize: LATENT_SIZE,
    labels: [...drawn.labels],
    layers: styles ? drawn.model.styleLayers!() : 0, // it has styles
    truncationCutoff: null,
    directions: styles ? [{ name: "turn", layers: [0, 1] }] : [],
  };
  const files = packGenerator(facts, functions, {
    ...(styles ? { "direction/0": { values: step, shape: [LATENT_SIZE] } } : {}),
  });
  for (const [name, bytes] of Object.entries(files)) await writeWhole(join(folder, name), bytes);
}

/** A seed's picture by the model itself. */
function ownPicture({ model, labels, alpha }: DrawnModel, seed: number, truncation = 0.7) {
  return tf.tidy(() => {
    const z = tf.tensor2d(latentOf(seed, LATENT_SIZE), [1, LATENT_SIZE]);
    const label = labels.length > 0 ? [labelOf(seed, labels.length)] : undefined;
    const draw = () =>
      model.generate!(z, { // all of them have it
        alpha,
        truncation,
        ...(label ? { labels: tf.tensor1d(label, "int32") } : {}),
      });
    return tf.clipByValue(withStepRandom(noiseOf(seed), draw), -1, 1).dataSync<"float32">().slice();
  });
}

const worst = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, v, i) => Math.max(most, Math.abs(v - b[i]!)), 0);

Deno.test("a program draws the pictures of seeds as the model does", () =>
  withFolder(async (folder) => {
    await openCpu();
    const labels = ["a", "b", "c"];
    const model = tinyStylegan({ architecture: "stylegan", labels: true }, { labelCount: 3 });
    const drawn = grown(model, { labels, alpha: 0.375 });
    await writeGenerator(folder, drawn, 3);
    {
      using generator = await openGenerator(folder);
      for (const [seed, truncation] of [[0, 0.7], [7, 1]] as const) {
        const { values, width, channels } = await generator.generate({ seed, truncation });
        assert.deepEqual([width, channels, values.length], [16, 3, 16 * 16 * 3]);
        assert.ok(worst(values, ownPicture(drawn, seed, truncation)) < 1e-4);
      }
      const still = await generator.generate({ seed: 4 });
      const [moved, mixed, alone, labelled] = await generator.generateMany([
        { seed: 4, directions: { turn: 2 } },
        { seed: 4, mix: { seed: 5, from: 3 } },
        { seed: 4 },
        { seed: 4, label: (generator.labelOf({ seed: 4 }) + 1) % 3 },
      ]);
      assert.ok(worst(moved!.values, still.values) > 0.01);
      assert.ok(worst(mixed!.values, still.values) > 0.01);
      assert.ok(worst(labelled!.values, still.values) > 0.01);
      assert.ok(worst(alone!.values, still.values) < 1e-4); // whatever is drawn beside it
      const { values } = await generator.generate({ seed: 4, mix: { seed: 5, from: 0 } });
      assert.ok(worst(values, still.values) > 0.01);
      await assert.rejects(generator.generate({ seed: 1, label: "d" }), /one of a, b, c/);
      await assert.rejects(generator.generate({ seed: 1, directions: { age: 1 } }), /one of turn/);
    }
    model.generator.remove();
    model.discriminator.remove();
  }));

Deno.test("a generator without styles draws, and says that it can't be steered", () =>
  withFolder(async (folder) => {
    await openCpu();
    const drawn = grown(tinyProgan(), { alpha: 1 });
    await writeGenerator(folder, drawn, 1);
    using generator = await openGenerator(folder);
    const { values, channels } = await generator.generate({ seed: 3 });
    assert.equal(channels, 1);
    assert.ok(worst(values, ownPicture(drawn, 3)) < 1e-4);
    await assert.rejects(generator.generate({ seed: 3, mix: { seed: 1, from: 1 } }), /styles/);
    await assert.rejects(openGenerator(join(folder, "nowhere")), /expected an exported generator/);
    drawn.model.generator.remove();
    drawn.model.discriminator.remove();
  }));

// As with the dashboard: who has no Chromium is told, and keeps the other tests.
const ignore = findChromium() === undefined && !Deno.env.get("CI");
if (ignore) console.warn(`Exported pages are not tested in a browser: ${missingChromium()}`);

/** The bytes of the large picture, once it shows a wish. */
async function shown(page: Page, wish: Record<string, unknown>): Promise<number[]> {
  const parts = Object.entries(wish).map(([key, value]) =>
    `JSON.stringify(JSON.parse(document.querySelector("#picture").dataset.drawn ?? "{}").${key}) ` +
    `=== ${JSON.stringify(JSON.stringify(value))}`
  );
  await until(page, parts.join(" && "));
  return await page.evaluate<number[]>(
    `(() => { const c = document.querySelector("#picture");
      return [...c.getContext("2d").getImageData(0, 0, c.width, c.height).data]; })()`,
  );
}

Deno.test(
  { name: "the exported page in a real Chromium", ignore },
  (t) =>
    withFolder(async (folder) => {
      await openCpu();
      const model = tinyStylegan({ architecture: "stylegan2" });
      const drawn = grown(model, { alpha: 1 });
      await writeGenerator(folder, drawn, 3);
      for (const [name, bytes] of Object.entries(await pageFiles())) {
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
        });

        await t.step("a page of ten lines draws as well", async () => {
          await page.goto(`${server.url}page.css`); // any file of the folder that is shown
          const pixels = await page.evaluate<number[]>(
            `import("./generator.js").then(async ({ loadGenerator }) => {
            const generator = await loadGenerator(undefined, { backend: "wasm" });
            return [...(await generator.generate({ seed: 5 })).rgba];
          })`,
          );
          assert.ok(worst(pixels, rgbaOf(ownPicture(drawn, 5), 3)) <= 1);
        });
        assert.deepEqual(errors, []);
      } finally {
        await browser.close();
        model.generator.remove();
        model.discriminator.remove();
      }
    }),
);
