/** Waits for a page, from outside of it. */
import type { Page } from "playwright-core";

/** Waits until the page's island is hydrated. */
export async function awake(page: Page): Promise<void> {
  await page.waitForSelector("[data-awake]");
}

/**
 * Waits until an expression is true. It is evaluated from outside, which the page's policy allows.
 */
export async function until(page: Page, expression: string): Promise<void> {
  for (let tries = 0; tries < 1200; tries++) {
    if (await page.evaluate<boolean>(expression)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Waited in vain for ${expression}`);
}

/**
 * Scrolls to an element at once. Waiting for it to be still would fail while a section loads late
 * and moves it.
 */
export async function scrollTo(page: Page, selector: string): Promise<void> {
  await page.waitForSelector(selector, { state: "attached" });
  await page.evaluate(`document.querySelector(${JSON.stringify(selector)}).scrollIntoView()`);
}
