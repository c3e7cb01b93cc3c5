/**
 * The safetensors format (https://github.com/huggingface/safetensors, "Format"): an 8-byte
 * little-endian header length, a JSON header, then the arrays back to back. The reader trusts
 * nothing.
 */
import { messageOf } from "../text.ts";
import { canonicalJson, parseStrictJson } from "./json.ts";
import { byteLengthOf, DTYPE_BYTES, type StoredDType, type StoredTensors } from "./tensors.ts";
import { CorruptCheckpointError } from "./errors.ts";

/** Longest header that is written or read, in bytes. */
export const MAX_HEADER_BYTES = 8 * 2 ** 20;

/** A decoded file. */
export interface Safetensors {
  /** The arrays by name, in the file's order. */
  tensors: StoredTensors;
  /** The free-form `__metadata__` strings. */
  metadata: Record<string, string>;
}

/**
 * Encodes a file as consecutive chunks: the header, then each array, without copying. Wide dtypes
 * come first (then by name), so that every array is aligned; equal input gives equal bytes.
 * @throws TypeError for an array whose bytes don't fit its shape; RangeError for a header over 8
 * MiB
 */
export function encodeSafetensors(
  tensors: StoredTensors,
  metadata: Record<string, string> = {},
): Uint8Array[] {
  const order = Object.keys(tensors).sort((a, b) => {
    const wide = DTYPE_BYTES[tensors[b]!.dtype] - DTYPE_BYTES[tensors[a]!.dtype]; // own keys
    return wide || (a < b ? -1 : 1);
  });
  const header: [string, string][] = [];
  if (Object.keys(metadata).length) header.push(["__metadata__", canonicalJson(metadata)]);
  const arrays: Uint8Array[] = [];
  let offset = 0;
  for (const name of order) {
    const { dtype, shape, data } = tensors[name]!; // an existing key
    if (name === "__metadata__" || name === "__proto__") {
      throw new TypeError(`Cannot encode safetensors: expected ordinary names, received "${name}"`);
    }
    if (data.byteLength !== byteLengthOf(dtype, shape)) {
      throw new TypeError(
        `Cannot encode "${name}": expected ${byteLengthOf(dtype, shape)} bytes for ` +
          `${dtype} [${shape}], received ${data.byteLength}`,
      );
    }
    const end = offset + data.byteLength;
    header.push([name, canonicalJson({ dtype, shape, data_offsets: [offset, end] })]);
    arrays.push(data);
    offset = end;
  }
  const text = `{${header.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(",")}}`;
  const json = new TextEncoder().encode(text);
  const length = Math.ceil(json.length / 8) * 8;
  if (length > MAX_HEADER_BYTES) {
    throw new RangeError(
      `Cannot encode safetensors: expected a header of at most ${MAX_HEADER_BYTES} bytes, ` +
        `received ${length}`,
    );
  }
  const head = new Uint8Array(8 + length).fill(0x20);
  new DataView(head.buffer).setBigUint64(0, BigInt(length), true);
  head.set(json, 8);
  return [head, ...arrays];
}

/**
 * Decodes a whole file. Arrays are views of `bytes` where alignment allows, otherwise copies.
 * @throws CorruptCheckpointError unless the file is valid and uses each byte exactly once
 */
export function decodeSafetensors(bytes: Uint8Array): Safetensors {
  if (bytes.length < 8) throw corrupt("at least 8 bytes", `${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length > MAX_HEADER_BYTES) {
    throw corrupt(`a header of at most ${MAX_HEADER_BYTES} bytes`, `${length}`);
  }
  if (8 + length > bytes.length) throw corrupt(`${8 + length} bytes or more`, `${bytes.length}`);
  const header = parseHeader(bytes.subarray(8, 8 + length));
  const data = bytes.subarray(8 + length);
  const tensors: StoredTensors = {};
  const spans: { name: string; begin: number; end: number }[] = [];
  let metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(header)) {
    if (name === "__metadata__") {
      metadata = metadataOf(value);
      continue;
    }
    const { dtype, shape, begin, end } = entryOf(name, value);
    if (end > data.length) throw corrupt(`"${name}" to end by ${data.length}`, `${end}`);
    const array = data.subarray(begin, end);
    const misaligned = array.byteOffset % DTYPE_BYTES[dtype] !== 0;
    tensors[name] = { dtype, shape, data: misaligned ? array.slice() : array };
    spans.push({ name, begin, end });
  }
  let offset = 0;
  for (const { name, begin, end } of spans.sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== offset) throw corrupt(`"${name}" to begin at ${offset}`, `${begin}`);
    offset = end;
  }
  if (offset !== data.length) throw corrupt(`${offset} bytes of arrays`, `${data.length}`);
  return { tensors, metadata };
}

function corrupt(expected: string, received: string, cause?: unknown): CorruptCheckpointError {
  return new CorruptCheckpointError(
    `Cannot read safetensors: expected ${expected}, received ${received}`,
    { cause },
  );
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  if (bytes[0] !== 0x7b) throw corrupt("a header that begins with {", `byte ${bytes[0]}`);
  let header: unknown;
  try {
    header = parseStrictJson(bytes);
  } catch (cause) {
    throw corrupt("a JSON header", messageOf(cause), cause);
  }
  return header as Record<string, unknown>; // JSON that begins with { is an object
}

function metadataOf(value: unknown): Record<string, string> {
  const ok = isRecord(value) && Object.values(value).every((v) => typeof v === "string");
  if (!ok) throw corrupt("__metadata__ of strings", JSON.stringify(value));
  return value as Record<string, string>; // checked above
}

function entryOf(name: string, value: unknown) {
  const refuse = (expected: string) => corrupt(`"${name}" with ${expected}`, JSON.stringify(value));
  if (!isRecord(value) || Object.keys(value).sort().join() !== "data_offsets,dtype,shape") {
    throw refuse("dtype, shape and data_offsets");
  }
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== "string" || !Object.hasOwn(DTYPE_BYTES, dtype)) {
    throw refuse(`a dtype of ${Object.keys(DTYPE_BYTES).join(", ")}`);
  }
  if (!isSizes(shape)) throw refuse("a shape of whole numbers");
  if (!isSizes(offsets) || offsets.length !== 2) throw refuse("two whole data_offsets");
  const [begin, end] = offsets as [number, number]; // its length is 2
  const stored = dtype as StoredDType; // an own key of DTYPE_BYTES
  if (end - begin !== byteLengthOf(stored, shape)) throw refuse("offsets that fit its shape");
  return { dtype: stored, shape, begin, end };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((v) => Number.isSafeInteger(v) && v >= 0);
}
