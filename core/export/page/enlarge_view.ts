/// <reference lib="dom" />
/** Takes a picture and shows it enlarged. */
import type { Enlarger } from "../generator/enlarger.ts";
import { element, latest, paint, type Tell } from "./dom.ts";

/** Longest accepted side of a picture in px: the result must fit into one browser canvas. */
const MAX_SIDE = 2048;

export function enlargeView(enlarger: Enlarger, tell: Tell): Node[] {
  const { scale } = enlarger.facts;
  const before = element("canvas", { id: "before" }), after = element("canvas", { id: "picture" });
  const told = element("output", { className: "quiet", id: "time" });
  const input = element("input", { type: "file", accept: "image/*", id: "file" });
  const drop = element(
    "label",
    { className: "drop" },
    `Drop a picture, or choose one: it becomes ${scale} times as wide and high.`,
    input,
  );
  const save = element("button", { type: "button", hidden: true }, "Save PNG");
  const result = element(
    "div",
    { className: "pair", hidden: true },
    element("figure", {}, before, element("figcaption", { className: "quiet" }, "As it was")),
    element("figure", {}, after, element("figcaption", {}, told)),
  );
  const draw = latest(tell);
  const take = (file: File | undefined) => {
    if (file) draw(() => enlarge(file));
  };
  input.addEventListener("change", () => take(input.files?.[0]));
  for (const type of ["dragover", "dragleave", "drop"] as const) {
    drop.addEventListener(type, (event) => {
      event.preventDefault();
      drop.classList.toggle("over", type === "dragover");
      if (type === "drop") take(event.dataTransfer?.files[0]);
    });
  }
  save.addEventListener("click", () => {
    element("a", { href: after.toDataURL(), download: "enlarged.png" }).click();
  });
  return [element("div", { className: "wide" }, drop, result, save)];

  async function enlarge(file: File): Promise<void> {
    const bitmap = await createImageBitmap(file).catch((cause) => {
      throw new Error(`Cannot enlarge ${file.name}: expected a picture`, { cause });
    });
    const { width, height } = bitmap;
    if (Math.max(width, height) > MAX_SIDE) {
      throw new Error(
        `Cannot enlarge ${file.name}: expected at most ${MAX_SIDE} px a side, received ` +
          `${width}×${height}`,
      );
    }
    Object.assign(before, { width, height });
    const context = before.getContext("2d", { willReadFrequently: true })!; // of a new canvas
    context.drawImage(bitmap, 0, 0);
    result.hidden = false;
    const started = performance.now();
    const picture = await enlarger.enlarge(context.getImageData(0, 0, width, height), {
      onTile: (done) => told.textContent = `${Math.round(100 * done)} %`,
    });
    paint(after, picture);
    save.hidden = false;
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    told.textContent = `${picture.width}×${picture.height}, ${seconds} s; transparency is white`;
    after.dataset.drawn = file.name;
  }
}
