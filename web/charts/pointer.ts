/// <reference lib="dom" />
/** The pointer on a chart: moving reads values, dragging zooms, and dragging with Alt pans. */
import type { Scale } from "./scale.ts";

/** Drags shorter than this are clicks, px. */
const LEAST_DRAG = 4;

/** What the pointer does. */
export interface PointerEvents {
  /** The current scale of x; null before there is one. */
  scale: () => Scale | null;
  /** Called with x under the pointer; null when it has left. */
  onMove: (x: number | null) => void;
  /** Called with the range that is being selected; null when the selection ends. */
  onSelect: (range: readonly [number, number] | null) => void;
  /** Called with the range to show; null for everything. */
  onView: (range: readonly [number, number] | null) => void;
}

/**
 * Listens to the pointer on `target`.
 * @returns a function that stops listening
 */
export function trackPointer(
  target: HTMLElement,
  { scale, onMove, onSelect, onView }: PointerEvents,
): () => void {
  const ending = new AbortController();
  /** The start of a drag: its position in px, and the scale at that time. */
  let drag: { from: number; scale: Scale; pans: boolean } | null = null;

  const listen = (
    name: "pointerdown" | "pointermove" | "pointerup" | "pointerleave",
    on: (x: number, event: PointerEvent) => void,
  ) =>
    target.addEventListener(name, (event) => on(event.offsetX, event), { signal: ending.signal });

  listen("pointerdown", (from, event) => {
    const now = scale();
    if (event.button !== 0 || !now) return;
    target.setPointerCapture(event.pointerId);
    drag = { from, scale: now, pans: event.altKey };
  });
  listen("pointermove", (x) => {
    const now = scale();
    if (!now) return;
    if (drag?.pans) {
      const by = drag.scale.toValue(drag.from) - drag.scale.toValue(x);
      onView([drag.scale.range[0] + by, drag.scale.range[1] + by]);
    } else if (drag && Math.abs(x - drag.from) >= LEAST_DRAG) {
      onSelect([now.toValue(drag.from), now.toValue(x)]);
    }
    onMove(now.toValue(x));
  });
  listen("pointerup", (x) => {
    if (drag && !drag.pans && Math.abs(x - drag.from) >= LEAST_DRAG) {
      const [a, b] = [drag.scale.toValue(drag.from), drag.scale.toValue(x)];
      onView([
        Math.max(drag.scale.range[0], Math.min(a, b)),
        Math.min(drag.scale.range[1], Math.max(a, b)),
      ]);
    }
    drag = null;
    onSelect(null);
  });
  listen("pointerleave", () => drag ?? onMove(null));
  target.addEventListener("pointercancel", () => {
    drag = null;
    onSelect(null);
  }, { signal: ending.signal });
  target.addEventListener("dblclick", () => onView(null), { signal: ending.signal });
  return () => ending.abort();
}
