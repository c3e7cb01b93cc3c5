/** Steps on all pages: missing things, narrow screens, accessibility. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import "axe-core/package.json" with { type: "json" };
import { awake, scrollTo } from "./page.ts";
import { RUNS, type Stage } from "./stage.ts";

const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

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

interface AxeResult {
  violations: { id: string; impact: string; nodes: { target: string[] }[] }[];
}

/** A run folder that was deleted. */
export async function gone(stage: Stage): Promise<void> {
  await Deno.remove(join(stage.runsDir, RUNS.sketch), { recursive: true });
  const list = await stage.open(`/?q=${RUNS.sketch}`);
  await list.waitForSelector(".card-picture >> text=picture is gone");
  await list.context().close();
  const page = await stage.open(`/runs/${RUNS.sketch}`);
  await page.waitForSelector("#samples >> text=no picture of the data in this run folder");
  await page.waitForSelector("#samples >> text=This grid's file is gone from the run folder.");
  await page.getByRole("button", { name: "Enlarge" }).first().click();
  await page.waitForSelector("dialog.viewer >> text=picture is gone");
  await page.getByRole("button", { name: "Close" }).click();
  await scrollTo(page, "#curves");
  await page.waitForSelector("#curves .plot canvas");
  await scrollTo(page, "#growth");
  await page.waitForSelector("#growth >> text=These pictures are gone from the run folder.");
  await page.waitForSelector('#growth td.right:has-text("–")');
  await scrollTo(page, "#change");
  await page.waitForSelector("#change >> text=10 grids are gone from the run folder.");
  await page.context().close();
}

/** A page that does not exist. */
export async function missing(stage: Stage): Promise<void> {
  const page = await stage.open("/runs/00099-nothing");
  assert.equal(await page.locator("h1").textContent(), "Nothing grows here");
  await page.getByRole("link", { name: "All runs" }).click();
  await awake(page);
  await page.context().close();
}

/** Every page at 360 px. */
export async function narrow(stage: Stage): Promise<void> {
  for (const path of paths) {
    const page = await stage.open(path, { width: 360 });
    if (path !== "/nothing") await awake(page);
    // a live page's stream is never idle
    await page.waitForLoadState("networkidle").catch(() => {});
    const width = await page.evaluate<number>("document.documentElement.scrollWidth");
    assert.ok(width <= 360, `${path} is ${width} px wide`);
    await page.context().close();
  }
}

/** Checks every page with axe-core. */
export async function accessible(stage: Stage): Promise<void> {
  for (const dark of [false, true]) {
    for (const path of paths) {
      const page = await stage.open(path, { dark });
      if (path !== "/nothing") await awake(page);
      // Evaluated rather than added as an element, because the page's policy forbids inline
      // scripts.
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
