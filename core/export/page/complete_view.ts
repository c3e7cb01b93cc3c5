/// <reference lib="dom" />
/** A pad to draw on, and candidates that continue the drawing. */
import { rasterize } from "../../sketches/rasterize.ts";
import { rgbaOf } from "../generator/picture.ts";
import type { Completer } from "../generator/completer.ts";
import { element, labelled, latest, paint, type Tell } from "./dom.ts";

/** Number of candidates shown. */
const CANDIDATES = 9;

export function completeView(completer: Completer, tell: Tell): Node[] {
  const { resolution, classes, lineWidth } = completer.facts;
  let ink = blank(), step = 0, seed = 0, line: number[] | undefined, part: string | undefined;
  const before: { ink: Float32Array; step: number }[] = [];
  const pad = element("canvas", { className: "pad", id: "pad" });
  pad.setAttribute("aria-label", "Drawing pad");
  const told = element("output", { className: "quiet", id: "time" }, "Draw something.");
  const candidates = element("div", { className: "candidates" });
  const draw = latest(tell);

  function blank(): Float32Array {
    return new Float32Array(resolution ** 2).fill(-1);
  }
  const showPad = () => {
    const rgba = rgbaOf(ink.map((value) => -value), 1);
    paint(pad, { width: resolution, height: resolution, channels: 1, values: ink, rgba });
  };
  const keep = () => before.push({ ink: ink.slice(), step });
  const show = () => {
    showPad();
    if (ink.every((value) => value <= 0)) return candidates.replaceChildren();
    draw(async () => {
      const started = performance.now();
      const seeds = Array.from({ length: CANDIDATES }, (_, i) => seed + i);
      const all = await completer.complete(ink, { seeds, step, ...(part ? { part } : {}) });
      candidates.replaceChildren(...all.map((one, i) => {
        const canvas = element("canvas"), name = one.name ?? "next part";
        paint(canvas, one);
        const button = element(
          "button",
          { type: "button", title: `${name}, seed ${seeds[i]}` },
          canvas,
        );
        button.addEventListener("click", () => {
          keep();
          ink = one.merged;
          step++;
          show();
        });
        return button;
      }));
      const milliseconds = Math.round((performance.now() - started) / CANDIDATES);
      const name = all[0]?.name;
      told.textContent = `${name ? `Next: ${name}. ` : ""}Choose one to go on with it. ` +
        `${milliseconds} ms each`;
      candidates.dataset.drawn = String(step);
    });
  };

  pad.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !event.isPrimary) return;
    keep();
    pad.setPointerCapture(event.pointerId);
    line = pointOf(event);
    stroke([...line, ...line]); // a dot
  });
  pad.addEventListener("pointermove", (event) => {
    if (!line || !event.isPrimary) return;
    const next = pointOf(event);
    stroke([...line, ...next]);
    line = next;
  });
  for (const end of ["pointerup", "pointercancel"] as const) {
    pad.addEventListener(end, (event) => {
      if (!line || !event.isPrimary) return;
      line = undefined;
      show();
    });
  }
  function pointOf(event: PointerEvent): number[] {
    const { left, top, width, height } = pad.getBoundingClientRect();
    return [(event.clientX - left) / width, (event.clientY - top) / height];
  }
  function stroke(points: number[]): void {
    rasterize([Float32Array.from(points)], ink, { resolution, lineWidth });
    showPad();
  }

  const button = (text: string, clicked: () => void) => {
    const made = element("button", { type: "button" }, text);
    made.addEventListener("click", () => {
      clicked();
      show();
    });
    return made;
  };
  const buttons = element(
    "div",
    { className: "buttons" },
    button("Others", () => seed += CANDIDATES),
    button("Undo", () => {
      ({ ink, step } = before.pop() ?? { ink: blank(), step: 0 });
    }),
    button("Clear", () => {
      keep();
      [ink, step] = [blank(), 0];
    }),
  );
  const controls = element("div", { className: "controls" }, pad, buttons);
  if (classes.length > 0) {
    const options = ["Let it choose", ...classes].map((name, i) =>
      element("option", { value: i === 0 ? "" : name }, name)
    );
    const select = element("select", { id: "part" }, ...options);
    select.addEventListener("change", () => {
      part = select.value || undefined;
      show();
    });
    controls.append(labelled("Part to draw next", select));
  }
  showPad();
  return [controls, element("figure", {}, candidates, element("figcaption", {}, told))];
}
