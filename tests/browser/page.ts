/** Waiting for a page, from outside it. */
import type { Page } from "playwright-core";

/** Waits until the page's island answers. */
export async function awake(page: Page): Promise<void> {
  await page.waitForSelector("[data-awake]");
}

/** Waits until an expression holds; by evaluation from outside, which the page's policy allows. */
export async function until(page: Page, expression: string): Promise<void> {
  for (let tries = 0; tries < 1200; tries++) {
    if (await page.evaluate<boolean>(expression)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Waited in vain for ${expression}`);
}

/**
 * Scrolls to an element in one go: a part that wakes late takes its place while one would wait for
 * it to be still.
 */
export async function scrollTo(page: Page, selector: string): Promise<void> {
  await page.waitForSelector(selector, { state: "attached" });
  await page.evaluate(`document.querySelector(${JSON.stringify(selector)}).scrollIntoView()`);
}
