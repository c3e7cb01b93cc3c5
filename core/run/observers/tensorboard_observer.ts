/** Writes a run's curves and sample grids as TensorBoard events. */
import { join } from "node:path";
import type { Observer } from "../../events.ts";
import { isWritten } from "../tensorboard/thin_images.ts";
import { pointOf } from "./point_of.ts";
import { type TensorBoardOptions, TensorBoardWriter } from "../tensorboard/writer.ts";

/** Options of {@linkcode tensorboardObserver}. */
export interface TensorBoardObserverOptions extends TensorBoardOptions {
  /**
   * Grids of a phase that are all written; of later ones ever fewer are, see `isWritten()`. Default
   * 0: all.
   */
  dense?: number;
}

/** Keeps the TensorBoard events of a run. */
export async function tensorboardObserver(
  folder: string,
  { dense = 0, ...options }: TensorBoardObserverOptions = {},
): Promise<Observer> {
  const writer = await TensorBoardWriter.open(folder, options);
  const counted = new Map<string, Set<number>>(); // images seen by phase: an event may come again
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

/** Null where it was thinned out before this event could be written. */
async function readPicture(path: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
