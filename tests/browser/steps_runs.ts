/** Steps on the list of runs and a run's page. */
import assert from "node:assert/strict";
import { awake, scrollTo, until } from "./page.ts";
import { RUNS, type Stage, startWriter } from "./stage.ts";

/** The list of runs: hydrates, filters, and keeps the filter. */
export async function list(stage: Stage): Promise<void> {
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

/** A run that another process advances. */
export async function moves(stage: Stage): Promise<void> {
  const page = await stage.open(`/runs/${RUNS.live}`);
  await awake(page);
  await page.locator("#curves .plot").first().scrollIntoViewIfNeeded();
  await page.waitForSelector(".plot canvas");
  // A mark that a reload would remove.
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
    `[...document.querySelectorAll(".log p")].some((p) => p.textContent.includes("Step at 4321 ` +
      `images"))`,
  );
  await until(
    page,
    `document.querySelector('.chart [data-value="1"]').textContent !== ${JSON.stringify(before)}`,
  );
  assert.equal(await page.getByTestId("phase").textContent(), "16 px");
  assert.equal(await page.evaluate("window.untouched"), true);
  await page.context().close();
}

/** The scrubber over sample grids. */
export async function scrubs(stage: Stage): Promise<void> {
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
  await page.getByRole("button", { name: "Enlarge" }).first().click();
  // A window 900 px high leaves 760 px: 15 times 48 px.
  await until(page, "document.querySelector('dialog.viewer canvas')?.width === 720");
  await page.getByRole("button", { name: "Close" }).click();
  await until(page, "!document.querySelector('dialog.viewer canvas')");
  await page.context().close();
}

/** A run whose grids contain more than drawn cells. */
export async function follows(stage: Stage): Promise<void> {
  const page = await stage.open(`/runs/${RUNS.sketch}`);
  await awake(page);
  await until(page, "document.querySelector('canvas.grid-picture').width > 1");
  const box = await page.locator("canvas.grid-picture").boundingBox();
  assert.ok(box);
  // an input, not a drawn cell
  await page.mouse.click(box.x + box.width * 0.1, box.y + box.height * 0.9);
  await page.waitForSelector("text=Picture 5");
  assert.equal(await page.locator(".pick rect").getAttribute("x"), "1");
  assert.equal(await page.locator(".pick rect").getAttribute("y"), "2");
  await page.getByRole("button", { name: "Previous picture" }).click();
  assert.equal(await page.locator(".pick rect").getAttribute("x"), "2");
  await page.context().close();
}

/** Parts that are loaded when they come near the screen. */
export async function wakes(stage: Stage): Promise<void> {
  const page = await stage.open(`/runs/${RUNS.done}`);
  await awake(page);
  await scrollTo(page, "#settings");
  await page.getByLabel("Compare with").selectOption({ label: "preset small" });
  const table = page.locator("#settings table");
  await until(page, `document.querySelectorAll("#settings tbody tr").length === 1`);
  assert.equal(await table.locator("tbody").textContent(), "losswgan-gplogistic");
  await page.waitForSelector("#networks svg .block");
  await page.waitForSelector("#growth .ladder");
  assert.equal(await page.locator(".later").count(), 0);
  await page.context().close();
}

/** The panels of plugins. */
export async function panels(stage: Stage): Promise<void> {
  const page = await stage.open(`/runs/${RUNS.done}`);
  await awake(page);
  await scrollTo(page, "#plugins");
  await page.waitForSelector(".plugin-panels article");
  const panel = (title: string) => page.locator(`article[aria-label="${title}"]`);
  assert.equal(await panel("By resolution").locator("tbody tr").count(), 2);
  assert.equal(await panel("Distances").locator("svg rect").count(), 12);
  assert.match(await panel("Share of each class").textContent() ?? "", /food0\.5/);
  assert.match(await panel("In words").textContent() ?? "", /Nothing <b>unusual<\/b>\./);
  assert.match(await panel("Not yet").textContent() ?? "", /nothing shown yet/);
  await until(page, `document.querySelectorAll('.strip canvas[width="32"]').length === 4`);
  await scrollTo(page, "#curves");
  assert.equal(await page.locator('.chart:has(h3:text-is("Real against fake"))').count(), 1);
  assert.equal(await page.locator('.chart:has(h3:text-is("Discriminator scores"))').count(), 0);
  await page.context().close();
}

/** Stopping asks for confirmation. */
export async function stops(stage: Stage): Promise<void> {
  const page = await stage.open(`/runs/${RUNS.live}`);
  await awake(page);
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await page.getByRole("button", { name: "Stop training" }).click();
  await page.waitForSelector("text=Stopping…");
  await page.context().close();
}
