/** Steps on charts. */
import assert from "node:assert/strict";
import { awake, until } from "./page.ts";
import { RUNS, type Stage } from "./stage.ts";

/** Dragging and double clicks on a chart. */
export async function zooms(stage: Stage): Promise<void> {
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

/** Keyboard and Alt on a chart, and the cursor that charts share. */
export async function reads(stage: Stage): Promise<void> {
  const page = await stage.open(`/runs/${RUNS.done}`);
  await awake(page);
  const plot = page.locator("#curves .plot").first();
  await plot.scrollIntoViewIfNeeded();
  await page.waitForSelector("#curves .plot canvas");
  // two charts have been drawn
  await until(page, `document.querySelectorAll("#curves .plot canvas").length >= 4`);
  const values = (chart: number) =>
    page.locator("#curves .chart").nth(chart).locator(".legend .num").allTextContents();
  const [first, second] = [await values(0), await values(1)];
  await plot.focus();
  await page.keyboard.press("ArrowRight"); // to the first point
  assert.notDeepEqual(await values(0), first);
  assert.notDeepEqual(await values(1), second, "the next chart's cursor moved along");
  const spoken = page.locator("#curves .chart").first().locator("[aria-live]");
  assert.match(
    await spoken.textContent() ?? "",
    /^[\d,]+ images, discriminator \d\S*, generator \d/,
  );
  const reset = page.getByRole("button", { name: "Show all" });
  for (const key of ["Control++", "Alt+ArrowRight"]) await page.keyboard.press(key);
  assert.ok(await reset.isDisabled(), "the browser's own shortcuts do not zoom");
  await page.keyboard.press("+");
  await until(
    page,
    `![...document.querySelectorAll("button")].find((b) => b.textContent === "Show all").disabled`,
  );
  const pixels = `[...document.querySelectorAll("#curves .plot canvas")][0].toDataURL()`;
  const zoomed = await page.evaluate<string>(pixels);
  const box = await plot.boundingBox();
  assert.ok(box);
  await page.keyboard.down("Alt");
  await page.mouse.move(box.x + 300, box.y + 100);
  await page.mouse.down();
  await page.mouse.move(box.x + 220, box.y + 100, { steps: 4 });
  await page.mouse.up();
  await page.keyboard.up("Alt");
  await until(page, `${pixels} !== ${JSON.stringify(zoomed)}`);
  assert.ok(await reset.isEnabled(), "moved along, still zoomed");
  await plot.focus();
  await page.keyboard.press("0");
  await until(
    page,
    `[...document.querySelectorAll("button")].find((b) => b.textContent === "Show all").disabled`,
  );
  const whole = await page.evaluate<string>(pixels);
  await page.locator("#curves .chart").first().getByRole("button", { name: "generator" }).click();
  await until(page, `${pixels} !== ${JSON.stringify(whole)}`); // its line has disappeared
  await page.context().close();
}

/** Several runs on one chart. */
export async function compares(stage: Stage): Promise<void> {
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
  await page.getByLabel("Log scale").check();
  const before = page.url();
  await page.getByLabel("Run to add").selectOption(RUNS.sketch);
  assert.equal(
    page.url(),
    before,
    "choosing leaves the page alone: a keyboard chooses step by step",
  );
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.waitForURL(/compare\?runs=[^&]*,00002[^&]*&log=1$/);
  await awake(page);
  assert.ok(await page.getByLabel("Log scale").isChecked(), "another run changes no setting");
  await page.context().close();
}
