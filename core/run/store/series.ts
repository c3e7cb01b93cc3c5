/** Series as columns: points are collected in chunks that fit into a KV value. */
import type { SeriesColumns, SeriesPoint } from "./types.ts";

/** Estimated bytes at which a chunk is full; a KV value holds 65,536 when serialized. */
export const CHUNK_BYTES = 24_000;

/** One chunk of rows, stored by column. */
export interface SeriesChunk {
  imagesSeen: Float64Array;
  time: Float64Array;
  /** NaN where a row lacks the name. */
  values: Record<string, Float32Array>;
}

/** A chunk without rows. */
export function emptyChunk(): SeriesChunk {
  return { imagesSeen: new Float64Array(0), time: new Float64Array(0), values: {} };
}

/**
 * Appends points to a chunk and opens new ones as they fill up.
 * @param tail the last chunk so far
 * @returns the replaced tail, then any new chunks
 * @throws RangeError for a point that alone is too large
 */
export function appendPoints(tail: SeriesChunk, points: readonly SeriesPoint[]): SeriesChunk[] {
  const groups: SeriesPoint[][] = [pointsOf(tail)];
  let names = new Set(Object.keys(tail.values));
  for (const point of points) {
    const all = names.union(new Set(Object.keys(point.values)));
    const group = groups.at(-1)!; // never empty
    if (group.length > 0 && estimate(group.length + 1, all) > CHUNK_BYTES) {
      groups.push([point]);
      names = new Set(Object.keys(point.values));
    } else {
      group.push(point);
      names = all;
    }
    const alone = estimate(1, names);
    if (alone > 2 * CHUNK_BYTES) {
      throw new RangeError(
        `Cannot append to a series: expected at most ${
          2 * CHUNK_BYTES
        } bytes a point, received ${alone}`,
      );
    }
  }
  return groups.map(chunkOf);
}

/** Drops the rows after `imagesSeen`. */
export function keepUpTo(chunk: SeriesChunk, imagesSeen: number): SeriesChunk {
  return chunkOf(pointsOf(chunk).filter((point) => point.imagesSeen <= imagesSeen));
}

/**
 * Joins chunks into columns.
 * @param skip number of rows of the first chunk to skip
 */
export function joinChunks(
  chunks: readonly SeriesChunk[],
  skip: number,
): Omit<SeriesColumns, "cursor"> {
  const rows = chunks.reduce((sum, chunk) => sum + chunk.imagesSeen.length, 0);
  const imagesSeen = new Float64Array(rows), time = new Float64Array(rows);
  const values: Record<string, Float32Array> = {};
  let row = 0;
  for (const chunk of chunks) {
    imagesSeen.set(chunk.imagesSeen, row);
    time.set(chunk.time, row);
    for (const [name, column] of Object.entries(chunk.values)) {
      (values[name] ??= new Float32Array(rows).fill(NaN)).set(column, row);
    }
    row += chunk.imagesSeen.length;
  }
  const newer: Record<string, Float32Array> = {};
  for (const [name, column] of Object.entries(values)) {
    const rest = column.slice(skip);
    // otherwise none of these rows has the name
    if (rest.some((value) => !Number.isNaN(value))) newer[name] = rest;
  }
  return { imagesSeen: imagesSeen.slice(skip), time: time.slice(skip), values: newer };
}

/** Estimated serialized size: 16 bytes per row, 4 per value, and a header per column. */
function estimate(rows: number, names: Set<string>): number {
  let bytes = 200 + 16 * rows;
  for (const name of names) bytes += 40 + 2 * name.length + 4 * rows;
  return bytes;
}

function pointsOf({ imagesSeen, time, values }: SeriesChunk): SeriesPoint[] {
  const columns = Object.entries(values);
  return Array.from(imagesSeen, (images, row) => ({
    imagesSeen: images,
    time: time[row]!, // same length as imagesSeen
    values: Object.fromEntries(columns.map(([name, column]) => [name, column[row]!])), // likewise
  }));
}

function chunkOf(points: readonly SeriesPoint[]): SeriesChunk {
  const names = new Set(points.flatMap((point) => Object.keys(point.values)));
  const values: Record<string, Float32Array> = {};
  for (const name of names) {
    values[name] = Float32Array.from(points, (point) => point.values[name] ?? NaN);
  }
  return {
    imagesSeen: Float64Array.from(points, (point) => point.imagesSeen),
    time: Float64Array.from(points, (point) => point.time),
    values,
  };
}

/**
 * A unique number for a new series, so that a reader's cursor does not continue in a run that was
 * deleted and created again.
 */
export function newEpoch(): number {
  return Date.now() * 1000 + Math.floor(Math.random() * 1000);
}

/** A reader's position: epoch of the series, chunk and row. */
export interface SeriesCursor {
  epoch: number;
  chunk: number;
  row: number;
}

/** Formats a cursor as the text that readers pass back. */
export function formatCursor({ epoch, chunk, row }: SeriesCursor): string {
  return `${epoch}.${chunk}.${row}`;
}

/** @throws SyntaxError where the text isn't a cursor */
export function parseCursor(text: string): SeriesCursor {
  const match = /^(\d{1,16})\.(\d{1,15})\.(\d{1,15})$/.exec(text);
  if (!match) {
    throw new SyntaxError(
      `Cannot read a series: expected a cursor of readSeries(), received ${JSON.stringify(text)}`,
    );
  }
  return { epoch: Number(match[1]), chunk: Number(match[2]), row: Number(match[3]) };
}
