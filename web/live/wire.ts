/** The data exchanged between server and page: plain JSON, and curves as packed columns. */
import type {
  CheckpointEntry,
  LogLine,
  PanelEntry,
  RunHead,
  SampleEntry,
  SeriesColumns,
} from "../../core/run/store/types.ts";
import type { Phase } from "../../core/schedule.ts";
import { addressOf } from "../lib/address.ts";

/** A head without the folder's path; pages refer to runs by id. */
export type PublicHead = Omit<RunHead, "folder">;

/** A sample grid and the URL of its picture. */
export type PublicSample = Omit<SampleEntry, "path"> & { url: string };

/** A checkpoint as it is listed. */
export type PublicCheckpoint = Omit<CheckpointEntry, "path">;

type Pictures = Extract<PanelEntry, { kind: "pictures" }>;

/** A plugin's panel as pages see it: pictures have a URL instead of a path. */
export type PublicPanel =
  | Exclude<PanelEntry, Pictures>
  | Omit<Pictures, "data"> & {
    data: Omit<NonNullable<Pictures["data"]>, "path"> & { url: string } | null;
  };

/**
 * What changes on a run's page. Everything except the samples is sent as a whole whenever any of it
 * changes.
 */
export interface RunState {
  head: PublicHead;
  phases: readonly Phase[];
  samples: PublicSample[];
  checkpoints: PublicCheckpoint[];
  stopRequested: boolean;
  /** The server's clock, ms since 1970. */
  now: number;
}

/** Sample grids since a reader's position: how many of its first ones it keeps, and the rest. */
export interface SamplesDelta {
  keep: number;
  added: PublicSample[];
}

/** How many sample grids a reader has, and its newest one. */
export interface SamplesPosition {
  count: number;
  newest: string;
}

/** One run in the list. */
export interface RunCard {
  head: PublicHead;
  phases: readonly Phase[];
  thumbnail: PublicSample | null;
}

/** All runs; `problem` says what could not be read. */
export interface RunList {
  cards: RunCard[];
  problem: string | null;
  now: number;
}

/** New points as JSON; null stands for NaN. */
export interface SeriesDelta {
  imagesSeen: number[];
  time: number[];
  values: Record<string, (number | null)[]>;
  cursor: string;
}

/** New log lines. */
export interface LogDelta {
  lines: LogLine[];
  next: number;
}

/** The position of a page's live stream, sent as `Last-Event-ID`. */
export interface ResumePoint {
  cursor: string;
  log: number;
  sessions: number;
  /** Absent if the reader has none. */
  samples?: SamplesPosition;
}

/** A head as pages may see it. */
export function publicHead({ folder: _, ...head }: RunHead): PublicHead {
  return head;
}

/**
 * The picture's URL contains no path; the time gives a rewritten picture a new URL.
 * @param id of the run
 */
export function publicSample(id: string, { path: _, ...entry }: SampleEntry): PublicSample {
  const url = addressOf(
    `/api/runs/${id}/samples/${entry.imagesSeen}-${entry.weights}?v=${entry.time}`,
  );
  return { ...entry, url };
}

/** A checkpoint as pages may see it. */
export function publicCheckpoint({ path: _, ...entry }: CheckpointEntry): PublicCheckpoint {
  return entry;
}

/**
 * A panel as pages may see it; the time gives a rewritten picture a new URL.
 * @param id of the run
 */
export function publicPanel(id: string, entry: PanelEntry): PublicPanel {
  // other kinds have no path
  if (entry.kind !== "pictures" || !entry.data) return entry as PublicPanel;
  const { path: _, ...data } = entry.data;
  const url = addressOf(`/api/runs/${id}/panels/${entry.plugin}.${entry.name}?v=${entry.time}`);
  return { ...entry, data: { ...data, url } };
}

/** URL of a run's curves in overview: about two points for each pixel of a chart. */
export function overviewUrl(id: string): string {
  return addressOf(`/api/runs/${id}/series?most=2000`);
}

/** The position of a reader that has these sample grids. */
export function samplesPosition(samples: readonly PublicSample[]): SamplesPosition {
  return { count: samples.length, newest: samples.at(-1)?.url ?? "" };
}

/** What a reader lacks: everything, unless its grids are the first of these. */
export function samplesSince(
  samples: readonly PublicSample[],
  { count, newest }: SamplesPosition = { count: 0, newest: "" },
): SamplesDelta {
  const keep = count > 0 && samples[count - 1]?.url === newest ? count : 0;
  return { keep, added: samples.slice(keep) };
}

/** Text for `Last-Event-ID`: no spaces, no newlines. */
export function packResume(point: ResumePoint): string {
  return encodeURIComponent(JSON.stringify(point));
}

/** Reads what {@linkcode packResume} wrote; undefined for anything else. */
export function unpackResume(text: string | undefined): ResumePoint | undefined {
  try {
    const value: unknown = JSON.parse(decodeURIComponent(text ?? ""));
    if (typeof value !== "object" || value === null) return undefined;
    // each is checked below
    const { cursor, log, sessions, samples } = value as Record<string, unknown>;
    if (typeof cursor !== "string" || cursor.length > 256) return undefined;
    if (!Number.isSafeInteger(log) || !Number.isSafeInteger(sessions)) return undefined;
    const point = { cursor, log: Number(log), sessions: Number(sessions) };
    if (samples === undefined) return point;
    const { count, newest } = Object(samples) as Record<string, unknown>; // both are checked below
    if (!Number.isSafeInteger(count) || typeof newest !== "string") return undefined;
    return newest.length > 1024
      ? undefined
      : { ...point, samples: { count: Number(count), newest } };
  } catch {
    return undefined;
  }
}

/**
 * Packs columns as little-endian data: uint32 length of the header, the header (JSON: count, names,
 * cursor) padded with spaces to 8 bytes, then float64 imagesSeen, float64 time, and float32 for
 * each name.
 */
export function packSeries(columns: SeriesColumns): Uint8Array<ArrayBuffer> {
  const names = Object.keys(columns.values);
  const count = columns.imagesSeen.length;
  let header = JSON.stringify({ count, names, cursor: columns.cursor });
  const unpadded = new TextEncoder().encode(header).length + 4;
  header += " ".repeat((8 - (unpadded % 8)) % 8);
  const head = new TextEncoder().encode(header);
  const bytes = new Uint8Array(4 + head.length + count * (16 + 4 * names.length));
  new DataView(bytes.buffer).setUint32(0, head.length, true);
  bytes.set(head, 4);
  let offset = 4 + head.length;
  const put = (part: Float64Array | Float32Array) => {
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), offset);
    offset += part.byteLength;
  };
  put(columns.imagesSeen);
  put(columns.time);
  for (const name of names) put(columns.values[name]!);
  return bytes;
}

/**
 * Reads what {@linkcode packSeries} packed; the arrays are views of `buffer`.
 * @throws RangeError where the buffer is truncated
 */
export function unpackSeries(buffer: ArrayBuffer): SeriesColumns {
  const length = new DataView(buffer).getUint32(0, true);
  const text = new TextDecoder().decode(new Uint8Array(buffer, 4, length));
  // It was written by packSeries of the same server.
  const header = JSON.parse(text) as { count: number; names: string[]; cursor: string };
  const { count, names, cursor } = header;
  let offset = 4 + length;
  const float64 = () => new Float64Array(buffer, (offset += 8 * count) - 8 * count, count);
  const imagesSeen = float64();
  const time = float64();
  const values: Record<string, Float32Array> = {};
  for (const name of names) {
    values[name] = new Float32Array(buffer, offset, count);
    offset += 4 * count;
  }
  return { imagesSeen, time, values, cursor };
}
