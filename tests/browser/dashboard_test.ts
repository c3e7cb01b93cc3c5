import assert from "node:assert/strict";
import { join } from "node:path";
import { Buffer } from "node:buffer";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import "axe-core/package.json" with { type: "json" };
import { fakeGrid } from "../../web/testing/fake_pictures.ts";
import { RUNS, setStage, type Stage, startWriter } from "./stage.ts";

const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

Deno.test("the dashboard in a real Chromium", async (t) => {
  await using stage = await setStage();
  const step = (name: string, run: () => Promise<void>) => t.step(name, run);
  await step(
    "the list hydrates, filters without reload, and keeps the filter in the address",
    () => list(stage),
  );
  await step(
    "curve, log and status move without reload while another process writes",
    () => moves(stage),
  );
  await step(
    "the scrubber shows the grid of its moment, and a click follows a seed",
    () => scrubs(stage),
  );
  await step("dragging zooms all curves, a double click shows all again", () => zooms(stage));
  await step("ticked runs are compared: curves, configuration, samples", () => compares(stage));
  await step(
    "the explore page generates, and the newest request is what it shows",
    () => explores(stage),
  );
  await step(
    "an image is enlarged from the size of training or its own, and divided by keys",
    () => enlarges(stage),
  );
  await step(
    "parts further down wake when they come near; the configuration is set against the preset",
    () => wakes(stage),
  );
  await step("what plugins show is drawn from plain data, text as text", () => panels(stage));
  await step("stopping asks first, and then reaches the run store", () => stops(stage));
  await step(
    "a deleted run folder leaves words in the pictures' places, before a page wakes too",
    () => gone(stage),
  );
  await step("a missing page is a 404 that leads back", () => missing(stage));
  await step("nothing is wider than 360 px", () => narrow(stage));
  await step("axe-core finds nothing serious, in light and in dark", () => accessible(stage));
  await step("no page logged an error", () => {
    assert.deepEqual(stage.errors.filter((e) => !e.includes("404 (Not Found)")), []);
    return Promise.resolve();
  });
});

async function awake(page: Page): Promise<void> {
  await page.waitForSelector("[data-awake]");
}

/** Waits until an expression holds; by evaluation from outside, which the page's policy allows. */
async function until(page: Page, expression: string): Promise<void> {
  for (let tries = 0; tries < 1200; tries++) {
    if (await page.evaluate<boolean>(expression)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Waited in vain for ${expression}`);
}

async function list(stage: Stage): Promise<void> {
  const page = await stage.open("/");
  await awake(page);
  assert.equal(await page.locator(".card").count(), 4);
  await page.getByLabel("Search runs").fill("sketch");
  await until(page, "document.querySelectorAll('.card').length === 1");
  assert.match(page.url(), /\?q=sketch$/);
  await page.reload();
  await awake(page);
  assert.equal(await page.locator(".card").count(), 1);
  await page.context().close();
}

async function moves(stage: Stage): Promise<void> {
  const page = await stage.open(`/runs/${RUNS.live}`);
  await awake(page);
  await page.locator("#curves .plot").first().scrollIntoViewIfNeeded();
  await page.waitForSelector(".plot canvas");
  // A mark that a reload would wipe out.
  await page.evaluate("window.untouched = true");
  const generator = page.locator('.chart:has(h3:text-is("Losses")) [data-value="1"]');
  const before = await generator.textContent();
  await using writer = startWriter(stage.runsDir);
  await writer.step(3400);
  await until(page, `document.querySelector('[data-testid="images"]').textContent === "3,400"`);
  await writer.step(4321);
  await until(page, `document.querySelector('[data-testid="images"]').textContent === "4,321"`);
  await until(
    page,
    `[...document.querySelectorAll(".log p")].some((p) => p.textContent.includes("Step at 4321 images"))`,
  );
  await until(
    page,
    `document.querySelector('.chart [data-value="1"]').textContent !== ${JSON.stringify(before)}`,
  );
  assert.equal(await page.getByTestId("phase").textContent(), "16 px");
  assert.equal(await page.evaluate("window.untouched"), true);
  await page.context().close();
}

async function scrubs(stage: Stage): Promise<void> {
  const page = await stage.open(`/runs/${RUNS.done}`);
  await awake(page);
  const grid = page.locator("canvas.grid-picture");
  await until(page, "document.querySelector('canvas.grid-picture').width === 48");
  const scrubber = page.getByLabel("Moment of training");
  await scrubber.focus();
  await page.keyboard.press("Home");
  // The first of 10 grids over 5,000 images is at 4 px: 3 × 4 px wide.
  await until(page, "document.querySelector('canvas.grid-picture').width === 12");
  assert.equal(await grid.getAttribute("data-images"), "500");
  assert.match(await page.getByTestId("moment").textContent() ?? "", /500 images 4 px stabilizing/);
  const box = await grid.boundingBox();
  assert.ok(box);
  await page.mouse.click(box.x + box.width * 0.9, box.y + box.height * 0.9);
  await page.waitForSelector("text=Seed 9");
  await page.getByRole("button", { name: "Play the growth" }).click();
  await until(page, "document.querySelector('canvas.grid-picture').width === 48");
  await page.context().close();
}

async function zooms(stage: Stage): Promise<void> {
  const page = await stage.open(`/runs/${RUNS.done}`);
  await awake(page);
  await page.locator("#curves .plot").first().scrollIntoViewIfNeeded();
  await page.waitForSelector(".plot canvas");
  const reset = page.getByRole("button", { name: "Show all" });
  assert.ok(await reset.isDisabled());
  const plot = page.locator(".plot canvas").nth(1);
  await plot.scrollIntoViewIfNeeded();
  const box = await plot.boundingBox();
  assert.ok(box);
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * 0.3, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, y, { steps: 4 });
  await page.mouse.up();
  await until(
    page,
    `![...document.querySelectorAll("button")].find((b) => b.textContent === "Show all").disabled`,
  );
  await plot.dblclick();
  await until(
    page,
    `[...document.querySelectorAll("button")].find((b) => b.textContent === "Show all").disabled`,
  );
  await page.context().close();
}

async function compares(stage: Stage): Promise<void> {
  const page = await stage.open("/");
  await awake(page);
  await page.getByLabel(`Compare ${RUNS.done}`).check();
  await page.getByLabel(`Compare ${RUNS.live}`).check();
  await page.locator(".tray").getByRole("link", { name: "Compare" }).click();
  await awake(page);
  await page.waitForSelector(".plot canvas");
  assert.match(page.url(), /compare\?runs=/);
  const legend = await page.locator(".chart .legend").first().textContent();
  assert.ok(legend?.includes(RUNS.done) && legend.includes(RUNS.live), legend ?? "");
  const settings = await page.locator("table.settings").textContent();
  assert.match(settings ?? "", /loss.*wgan-gp/);
  assert.doesNotMatch(settings ?? "", /latentSize/, "what is equal is left out");
  assert.equal(await page.locator(".last-samples img").count(), 2);
  await page.context().close();
}

async function wakes(stage: Stage): Promise<void> {
  const page = await stage.open(`/runs/${RUNS.done}`);
  await awake(page);
  await page.locator("#settings").scrollIntoViewIfNeeded();
  await page.getByLabel("Compare with").selectOption({ label: "preset small" });
  const table = page.locator("#settings table");
  await until(page, `document.querySelectorAll("#settings tbody tr").length === 1`);
  assert.equal(await table.locator("tbody").textContent(), "losswgan-gplogistic");
  await page.waitForSelector("#networks svg .block");
  await page.waitForSelector("#growth .ladder");
  assert.equal(await page.locator(".later").count(), 0);
  await page.context().close();
}

async function panels(stage: Stage): Promise<void> {
  const page = await stage.open(`/runs/${RUNS.done}`);
  await awake(page);
  await page.locator("#plugins").scrollIntoViewIfNeeded();
  await page.waitForSelector(".plugin-panels article");
  const panel = (title: string) => page.locator(`article[aria-label="${title}"]`);
  assert.equal(await panel("By resolution").locator("tbody tr").count(), 2);
  assert.equal(await panel("Distances").locator("svg rect").count(), 12);
  assert.match(await panel("Share of each class").textContent() ?? "", /food0\.5/);
  assert.match(await panel("In words").textContent() ?? "", /Nothing <b>unusual<\/b>\./);
  assert.match(await panel("Not yet").textContent() ?? "", /nothing shown yet/);
  await until(page, `document.querySelectorAll('.strip canvas[width="32"]').length === 4`);
  await page.locator("#curves").scrollIntoViewIfNeeded();
  assert.equal(await page.locator('.chart:has(h3:text-is("Real against fake"))').count(), 1);
  assert.equal(await page.locator('.chart:has(h3:text-is("Discriminator scores"))').count(), 0);
  await page.context().close();
}

async function explores(stage: Stage): Promise<void> {
  const page = await stage.open(`/explore?run=${RUNS.done}`);
  await awake(page);
  await page.waitForSelector('[data-testid="output"]');
  assert.match(await page.getByTestId("speed").textContent() ?? "", /ms to generate/);
  await page.getByRole("spinbutton", { name: "First seed" }).fill("42");
  await page.waitForSelector('img[alt="9 pictures from seed 42 on"]');
  await page.getByRole("button", { name: "Mix styles" }).click();
  assert.equal(await page.locator(".layers input").count(), 10);
  await page.getByRole("button", { name: "Fade X-ray" }).click();
  await page.waitForSelector('img[alt="Seed 0: old path, new path, blend, difference at α 0.40"]');
  await page.getByRole("slider", { name: "α" }).fill("1");
  await page.waitForSelector('img[alt$="at α 1.00"]');
  assert.deepEqual(await page.locator(".quarters .side").allTextContents(), [
    ...["old path", "new path", "blend", "difference"],
  ]);
  await page.context().close();

  const sketch = await stage.open(`/explore?run=${RUNS.sketch}`);
  await awake(sketch);
  const pad = sketch.locator(".pad");
  const box = await pad.boundingBox();
  assert.ok(box);
  await sketch.mouse.move(box.x + 50, box.y + 50);
  await sketch.mouse.down();
  await sketch.mouse.move(box.x + 200, box.y + 120, { steps: 5 });
  await sketch.mouse.up();
  await sketch.waitForSelector('[data-testid="output"]');
  await sketch.getByRole("button", { name: "Clear" }).click();
  assert.equal(await pad.textContent(), "Draw here");
  await sketch.getByRole("button", { name: "Draw an example" }).click();
  await until(sketch, "document.querySelectorAll('.pad polyline').length === 2");
  await sketch.waitForSelector('[data-testid="output"]');
  await sketch.context().close();
}

async function enlarges(stage: Stage): Promise<void> {
  const page = await stage.open(`/explore?run=${RUNS.enlarging}`, { width: 360 });
  await awake(page);
  await page.waitForSelector(".drop");
  const file = (name: string, buffer: Uint8Array, mimeType = "image/png") =>
    page.setInputFiles("input[type=file]", { name, mimeType, buffer: Buffer.from(buffer) });
  await file("notes.png", new TextEncoder().encode("no picture"));
  await page.waitForSelector("text=could not be read as an image");
  await file(
    "wide.png",
    await fakeGrid({ columns: 2, rows: 1, resolution: 32, quality: 1, firstSeed: 1 }),
  );
  const before = page.locator(".before-after image");
  await before.waitFor({ state: "attached" });
  const sizeOf = `(async () => {
    const image = new Image();
    image.src = document.querySelector(".before-after image").getAttribute("href");
    await image.decode();
    return [image.naturalWidth, image.naturalHeight].join("×");
  })()`;
  assert.equal(await page.evaluate(sizeOf), "16×16", "cut square, as small as in training");
  await page.getByRole("button", { name: "its own size" }).click();
  await until(page, `${sizeOf}.then((size) => size === "64×32")`);
  await page.getByLabel("Divide between before and after").focus();
  await page.keyboard.press("Home");
  assert.equal(await page.locator("#before-clip rect").getAttribute("width"), "0");
  const width = await page.evaluate<number>(
    `Math.max(...[...document.querySelectorAll(".controls > *")].map((e) => e.getBoundingClientRect().right))`,
  );
  assert.ok(width <= 346, `controls reach ${width} px`);
  await page.context().close();
}

async function stops(stage: Stage): Promise<void> {
  const page = await stage.open(`/runs/${RUNS.live}`);
  await awake(page);
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await page.getByRole("button", { name: "Stop training" }).click();
  await page.waitForSelector("text=Stopping…");
  await page.context().close();
}

async function gone(stage: Stage): Promise<void> {
  await Deno.remove(join(stage.runsDir, RUNS.sketch), { recursive: true });
  const list = await stage.open(`/?q=${RUNS.sketch}`);
  await list.waitForSelector(".card-picture >> text=picture is gone");
  await list.context().close();
  const page = await stage.open(`/runs/${RUNS.sketch}`);
  await page.waitForSelector("#samples >> text=no picture of the data in this run folder");
  await page.waitForSelector("#samples >> text=This grid's file is gone from the run folder.");
  await page.locator("#curves").scrollIntoViewIfNeeded();
  await page.waitForSelector("#curves .plot canvas");
  await page.context().close();
}

async function missing(stage: Stage): Promise<void> {
  const page = await stage.open("/runs/00099-nothing");
  assert.equal(await page.locator("h1").textContent(), "Nothing grows here");
  await page.getByRole("link", { name: "All runs" }).click();
  await awake(page);
  await page.context().close();
}

const paths = [
  "/",
  `/runs/${RUNS.done}`,
  `/compare?runs=${RUNS.done},${RUNS.live}`,
  "/compare",
  `/explore?run=${RUNS.done}`,
  `/explore?run=${RUNS.sketch}`,
  `/explore?run=${RUNS.enlarging}`,
  "/nothing",
];

async function narrow(stage: Stage): Promise<void> {
  for (const path of paths) {
    const page = await stage.open(path, { width: 360 });
    if (path !== "/nothing") await awake(page);
    await page.waitForLoadState("networkidle").catch(() => {}); // a live page's stream never idles
    const width = await page.evaluate<number>("document.documentElement.scrollWidth");
    assert.ok(width <= 360, `${path} is ${width} px wide`);
    await page.context().close();
  }
}

async function accessible(stage: Stage): Promise<void> {
  for (const dark of [false, true]) {
    for (const path of paths) {
      const page = await stage.open(path, { dark });
      if (path !== "/nothing") await awake(page);
      // Evaluated rather than added as an element: the page's policy forbids inline script.
      await page.evaluate(await Deno.readTextFile(axePath));
      const { violations } = await page.evaluate<AxeResult>(
        dark ? 'axe.run({ runOnly: ["color-contrast"] })' : "axe.run()", // only colours differ
      );
      const serious = violations.filter((v) => v.impact === "serious" || v.impact === "critical");
      const told = serious.map((v) =>
        `${path}: ${v.id} at ${v.nodes.map((n) => n.target).join(", ")}`
      );
      assert.deepEqual(told, []);
      await page.context().close();
    }
  }
}

interface AxeResult {
  violations: { id: string; impact: string; nodes: { target: string[] }[] }[];
}
