/// <reference lib="dom" />
/** The pointer on a chart: it reads values, drags to zoom, and with Alt to move along. */
import type { Scale } from "./scale.ts";

/** Selections narrower than this are clicks, px. */
const LEAST_DRAG = 4;

/** What the pointer does. */
export interface PointerEvents {
  /** The present scale of x; null before there is one. */
  scale: () => Scale | null;
  /** x under the pointer; null when it left. */
  onMove: (x: number | null) => void;
  /** The part that is being selected; null when that is over. */
  onSelect: (range: readonly [number, number] | null) => void;
  /** A part to show; null for all. */
  onView: (range: readonly [number, number] | null) => void;
}

/**
 * Listens on `target`.
 * @returns ends it
 */
export function trackPointer(
  target: HTMLElement,
  { scale, onMove, onSelect, onView }: PointerEvents,
): () => void {
  const ending = new AbortController();
  /** Where a drag began: px, and the range that was shown. */
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
