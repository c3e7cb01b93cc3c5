/** Steps on the Explore page. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { fakeGrid } from "../../web/testing/fake_pictures.ts";
import { awake, until } from "./page.ts";
import { RUNS, type Stage } from "./stage.ts";

/** Seeds, styles, a fade taken apart, and a sketch. */
export async function explores(stage: Stage): Promise<void> {
  const page = await stage.open(`/explore?run=${RUNS.done}`);
  await awake(page);
  await page.waitForSelector('[data-testid="output"]');
  assert.match(await page.getByTestId("speed").textContent() ?? "", /ms to generate/);
  await page.getByRole("spinbutton", { name: "First seed" }).fill("42");
  await page.waitForSelector('img[alt="9 pictures from seed 42 on"]');
  const seed = page.getByRole("spinbutton", { name: "First seed" });
  await page.getByLabel("Checkpoint").selectOption({ label: "2,000 images" });
  await until(page, `location.search.endsWith("&at=2000")`);
  await page.waitForSelector('img[alt="9 pictures from seed 42 on"]');
  assert.equal(await seed.inputValue(), "42", "another checkpoint changes nothing that was chosen");
  await page.getByLabel("Class").selectOption("dog");
  await until(page, `document.querySelector('[aria-label="Class"]').value === "dog"`);
  await page.waitForSelector('img[alt="9 pictures from seed 42 on"]');
  await page.getByRole("button", { name: "Mix styles" }).click();
  assert.equal(await page.locator(".layers input").count(), 10);
  await page.getByRole("button", { name: "Directions" }).click();
  await page.waitForSelector('img[alt="Seed 0, not moved"]');
  await page.getByRole("slider", { name: "smile" }).fill("2.5");
  await page.getByRole("slider", { name: "Direction 2" }).fill("-1");
  await page.waitForSelector('img[alt="Seed 0 moved along smile, 2"]');
  await page.getByLabel("Save as a direction named").fill("older");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.waitForSelector('img[alt="Seed 0 moved along older"]');
  assert.equal(await page.getByRole("slider", { name: "older" }).inputValue(), "1");
  await page.getByRole("combobox", { name: "Picture" }).selectOption("cat");
  await page.getByRole("button", { name: "Reset directions" }).click();
  await page.waitForSelector('img[alt="@cat, not moved"]');
  const layers = page.getByRole("slider", { name: "Truncated layers" });
  assert.equal(await layers.getAttribute("aria-valuetext"), "all");
  await layers.fill("4");
  assert.equal(await layers.getAttribute("aria-valuetext"), "up to 8² b");
  const photo = { columns: 1, rows: 1, resolution: 64, quality: 0.95, firstSeed: 7 };
  const dog = {
    name: "my dog.png",
    mimeType: "image/png",
    buffer: Buffer.from(await fakeGrid(photo)),
  };
  await page.getByLabel("Drop a picture of your own").setInputFiles(dog);
  await page.waitForSelector('img[alt="@my_dog, not moved"]');
  await page.getByLabel("Drop a picture of your own").setInputFiles(dog);
  await page.waitForSelector("text=@my_dog is taken");
  await page.getByLabel("Name of the dropped picture").fill("other_dog");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.waitForSelector('img[alt="@other_dog, not moved"]');
  await page.getByRole("button", { name: "Fade X-ray" }).click();
  await page.waitForSelector('img[alt="Seed 0: old path, new path, blend, difference at α 0.40"]');
  await page.getByRole("slider", { name: "α" }).fill("1");
  await page.waitForSelector('img[alt$="at α 1.00"]');
  assert.deepEqual(await page.locator(".quarters .side").allTextContents(), [
    ...["old path", "new path", "blend", "difference"],
  ]);
  await page.context().close();

  const lost = await stage.open("/explore?run=00099-nothing");
  await lost.waitForSelector("text=There is no run “00099-nothing” with a checkpoint.");
  await lost.context().close();

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
  const strokesNow = "document.querySelectorAll('.pad polyline').length";
  await sketch.mouse.click(box.x + 120, box.y + 60); // an eye
  await until(sketch, `${strokesNow} === 2`);
  await sketch.mouse.click(box.x + 80, box.y + 60, { button: "right" });
  assert.equal(await sketch.evaluate(strokesNow), 2, "the right button draws nothing");
  await sketch.waitForSelector('[data-testid="output"]');
  await sketch.getByRole("button", { name: "Clear" }).click();
  assert.equal(await pad.textContent(), "Draw here");
  await sketch.getByRole("button", { name: "Draw an example" }).click();
  await until(sketch, "document.querySelectorAll('.pad polyline').length === 2");
  await sketch.waitForSelector('[data-testid="output"]');
  await sketch.getByRole("button", { name: "strokes, as SVG" }).click();
  await sketch.waitForSelector('.stroke-grid a[download="strokes_9.svg"] img');
  await sketch.context().close();
}

/** An image, enlarged. */
export async function enlarges(stage: Stage): Promise<void> {
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
    `Math.max(...[...document.querySelectorAll(".controls > *")].map((e) => ` +
      `e.getBoundingClientRect().right))`,
  );
  assert.ok(width <= 346, `controls reach ${width} px`);
  await page.context().close();
}
