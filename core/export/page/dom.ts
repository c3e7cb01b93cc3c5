/// <reference lib="dom" />
/** Helpers for elements and for pictures on canvases. */
import type { Picture } from "../generator/picture.ts";

type Properties<K extends keyof HTMLElementTagNameMap> = Partial<
  Omit<HTMLElementTagNameMap[K], "style" | "children">
>;

/** Creates an element with properties and children. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties<K> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** A control with its label above it. */
export function labelled(text: string, control: HTMLElement, shown?: HTMLElement): HTMLElement {
  const head = element("span", {}, text, ...(shown ? [" ", shown] : []));
  return element("label", { className: "control" }, head, control);
}

/** A slider that shows its value. */
export function slider(
  text: string,
  range: { min: number; max: number; step: number; value: number },
  changed: (value: number) => void,
): HTMLElement {
  const shown = element("output", {}, String(range.value));
  const control = element("input", { type: "range" });
  for (const [name, value] of Object.entries(range)) control.setAttribute(name, String(value));
  control.addEventListener("input", () => {
    shown.textContent = control.value;
    changed(Number(control.value));
  });
  return labelled(text, control, shown);
}

/** Shows a picture; the style sheet scales it. */
export function paint(canvas: HTMLCanvasElement, { rgba, width, height }: Picture): void {
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d")?.putImageData(new ImageData(rgba, width, height), 0, 0);
}

/** Receives the error of a job, or none when a job has succeeded. */
export type Tell = (error?: unknown) => void;

/** Runs the newest job when the running one has finished, and skips those in between. */
export function latest(tell: Tell): (job: () => Promise<void>) => void {
  let next: (() => Promise<void>) | undefined, isBusy = false;
  return (job) => {
    next = job;
    if (isBusy) return;
    isBusy = true;
    void (async () => {
      while (next) {
        const mine = next;
        next = undefined;
        await mine().then(() => tell(), tell);
        await new Promise((resolve) => setTimeout(resolve)); // lets the page be drawn
      }
      isBusy = false;
    })();
  };
}
