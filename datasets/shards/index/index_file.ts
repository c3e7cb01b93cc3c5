/**
 * A shard's index as a file: a line of JSON, followed by its arrays, so that a data set's summary
 * can be read without them.
 */
import * as v from "valibot";
import type { ShardIndex, ShardSamples, ShardSummary } from "./shard_index.ts";

/** Incremented when the content of an index changes: older ones are rebuilt. */
const INDEX_VERSION = 1;

/** Largest length of the JSON line in bytes. */
const MAX_LINE = 2 ** 24;

const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const lineSchema = v.object({
  version: v.literal(INDEX_VERSION),
  size: whole,
  count: whole,
  labels: v.array(v.tuple([v.string(), whole])),
  digest: v.string(),
  skipped: v.array(v.object({ path: v.string(), reason: v.string(), count: v.optional(whole) })),
});

/** The file's bytes, little-endian. */
export function encodeIndex({ summary, samples }: ShardIndex): Uint8Array {
  const line = new TextEncoder().encode(JSON.stringify({ version: INDEX_VERSION, ...summary }));
  const { offsets, sizes, labels, groups } = samples, { count } = summary;
  const start = bodyAt(line.length + 1);
  const bytes = new Uint8Array(start + count * BYTES_PER_SAMPLE).fill(0x20, 0, start);
  bytes.set(line);
  bytes[start - 1] = 0x0a;
  let at = start;
  for (const array of [offsets, sizes, labels, groups]) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += array.byteLength;
  }
  return bytes;
}

/** A float64 and three uint32. */
const BYTES_PER_SAMPLE = 20;

/** The arrays start at a multiple of eight bytes. */
const bodyAt = (length: number) => Math.ceil(length / 8) * 8;

/**
 * Decodes a whole file.
 * @returns undefined if it is incomplete or of another version
 */
export function decodeIndex(bytes: Uint8Array): ShardIndex | undefined {
  const summary = decodeSummary(bytes), start = bytes.indexOf(0x0a) + 1;
  if (!summary || bytes.length !== start + summary.count * BYTES_PER_SAMPLE) return undefined;
  const { count } = summary, body = bytes.slice(start).buffer; // aligned
  const samples: ShardSamples = {
    offsets: new Float64Array(body, 0, count),
    sizes: new Uint32Array(body, 8 * count, count),
    labels: new Uint32Array(body, 12 * count, count),
    groups: new Uint32Array(body, 16 * count, count),
  };
  const isWhole = samples.offsets.every((offset, i) =>
    Number.isSafeInteger(offset) && offset >= 0 && offset + samples.sizes[i]! <= summary.size &&
    samples.labels[i]! < summary.labels.length
  );
  return isWhole ? { summary, samples } : undefined;
}

/** Decodes the first line, from the start of the file or all of it. */
export function decodeSummary(bytes: Uint8Array): ShardSummary | undefined {
  const end = bytes.subarray(0, MAX_LINE).indexOf(0x0a);
  if (end < 0) return undefined;
  try {
    const line = new TextDecoder().decode(bytes.subarray(0, end));
    const { version: _, ...summary } = v.parse(lineSchema, JSON.parse(line));
    const skipped = summary.skipped.map(({ count, ...file }) => ({
      ...file,
      ...(count === undefined ? {} : { count }),
    }));
    return { ...summary, skipped };
  } catch {
    return undefined;
  }
}
