/** A shortened series, so that a page can show its curves before all of it has arrived. */
import type { RunStore, SeriesColumns } from "../../core/run/store/types.ts";

/**
 * Thins columns to at most `most` points: the last point of each of several equally long ranges,
 * and for every series its last value in the range.
 * @returns `columns` itself if it is short enough
 */
export function thinSeries(columns: SeriesColumns, most: number): SeriesColumns {
  const { imagesSeen, time, values, cursor } = columns;
  const size = Math.ceil(imagesSeen.length / most);
  if (size <= 1) return columns;
  const count = Math.ceil(imagesSeen.length / size);
  const end = (i: number) => Math.min(imagesSeen.length, (i + 1) * size) - 1;
  const thin: SeriesColumns = {
    imagesSeen: Float64Array.from({ length: count }, (_, i) => imagesSeen[end(i)]!),
    time: Float64Array.from({ length: count }, (_, i) => time[end(i)]!),
    values: {},
    cursor,
  };
  for (const [name, column] of Object.entries(values)) {
    const out = new Float32Array(count);
    for (let i = 0; i < count; i++) {
      let at = end(i);
      while (at > i * size && !Number.isFinite(column[at]!)) at--;
      out[i] = column[at]!;
    }
    thin.values[name] = out;
  }
  return thin;
}

/**
 * Reads whole series. The overview and the whole series, which a page requests one after the other,
 * share a read.
 */
export interface SeriesReader {
  read(id: string): Promise<SeriesColumns>;
}

/** Time for which a read is shared, ms. A page continues from its cursor, however old that is. */
const SHARED = 3000;

/** @param store where run state is stored */
export function createSeriesReader(store: RunStore): SeriesReader {
  const readings = new Map<string, Promise<SeriesColumns>>();
  return {
    read(id) {
      const known = readings.get(id);
      if (known) return known;
      const reading = store.readSeries(id);
      readings.set(id, reading);
      const forget = () => readings.delete(id);
      reading.then(() => Deno.unrefTimer(setTimeout(forget, SHARED)), forget);
      return reading;
    },
  };
}
