/** Converts events to points of the curves. */
import type { RunEvent } from "../../events.ts";
import type { SeriesPoint } from "../store/types.ts";

/** Name of the curve of the training speed. */
export const RATE = "rate/images_per_second";

/** The point of the curves that an event adds; most add none. */
export function pointOf(event: RunEvent): SeriesPoint | undefined {
  if (event.type !== "progress" && event.type !== "metrics") return undefined;
  const { imagesSeen, time, values } = event;
  if (event.type === "metrics") return { imagesSeen, time, values };
  return { imagesSeen, time, values: { ...values, [RATE]: event.imagesPerSecond } };
}
