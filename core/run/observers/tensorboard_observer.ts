/** Writes a run's curves and sample grids as TensorBoard events. */
import { join } from "node:path";
import type { Observer } from "../../events.ts";
import { isWritten } from "../tensorboard/thin_images.ts";
import { pointOf } from "./point_of.ts";
import { type TensorBoardOptions, TensorBoardWriter } from "../tensorboard/writer.ts";

/** Options of {@linkcode tensorboardObserver}. */
export interface TensorBoardObserverOptions extends TensorBoardOptions {
  /**
   * Number of grids per phase that are all written; later ones are thinned out, see `isWritten()`.
   * Default 0: all are written.
   */
  dense?: number;
}

/** Creates the observer. */
export async function tensorboardObserver(
  folder: string,
  { dense = 0, ...options }: TensorBoardObserverOptions = {},
): Promise<Observer> {
  const writer = await TensorBoardWriter.open(folder, options);
  // imagesSeen by phase, as a set since an event may be sent again
  const counted = new Map<string, Set<number>>();
  return {
    name: "The TensorBoard file",
    async on(event) {
      const point = pointOf(event);
      if (point) await writer.scalars(point.imagesSeen, point.values, point.time);
      if (event.type === "samples") {
        const { path, imagesSeen, columns, rows, cell, resolution, phaseKind, time } = event.entry;
        const phase = `${resolution} ${phaseKind}`, seen = counted.get(phase) ?? new Set();
        counted.set(phase, seen.add(imagesSeen));
        if (!isWritten(seen.size - 1, dense)) return;
        const png = await readPicture(join(folder, path));
        if (!png) return;
        const size = { width: columns * cell, height: rows * cell };
        await writer.image(imagesSeen, "samples", { ...size, channels: 3, png }, time);
      }
    },
    close: () => writer.close(),
  };
}

/** Reads a sample grid; null where it was removed before this event could be written. */
async function readPicture(path: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
