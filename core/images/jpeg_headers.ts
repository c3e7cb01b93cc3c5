/** Repairs faults in the headers of JPEG files that viewers tolerate. */
import { Buffer } from "node:buffer";
import { joinBytes } from "../join_bytes.ts";

/** A file whose headers conform to the standard. */
export interface MendedJpeg {
  bytes: Uint8Array;
  /** What was repaired; empty if the file is unchanged. */
  notes: string[];
}

/** Markers (ITU-T T.81, table B.1). */
const SOI = 0xd8, EOI = 0xd9, SOS = 0xda, SOF0 = 0xc0, SOF1 = 0xc1;

/** Any number of fill bytes may precede a marker. */
const FILL = 0xff;

/**
 * Repairs common faults that affect no pixel: the spectral selection of a sequential scan, which
 * can only be 0 … 63 (some Samsung phones write 0 as its end), stray bytes between segments, and a
 * missing end marker. Everything else is unchanged.
 * @param bytes a JPEG file
 */
export function mendJpeg(bytes: Uint8Array): MendedJpeg {
  const notes: string[] = [], stray: [from: number, to: number][] = [];
  let isSequential = false, scan: number | undefined;
  for (let at = 2; at + 4 <= bytes.length;) {
    const marker = nextMarker(bytes, at);
    if (marker === undefined) break;
    if (bytes.subarray(at, marker).some((byte) => byte !== FILL)) stray.push([at, marker]);
    const code = bytes[marker + 1]!; // inside, by nextMarker()
    if (code === EOI || code === SOI) break;
    if (marker + 4 > bytes.length) break;
    if (code === SOF0 || code === SOF1) isSequential = true;
    if (code === SOS) {
      if (isSequential) scan = marker;
      break;
    }
    at = marker + 2 + (bytes[marker + 2]! << 8 | bytes[marker + 3]!);
  }
  let mended = bytes;
  const count = scan === undefined ? 0 : bytes[scan + 4]!; // components
  const last = scan === undefined ? 0 : scan + 5 + 2 * count;
  if (scan !== undefined && last + 3 <= bytes.length) {
    const [first, end, bits] = bytes.subarray(last, last + 3);
    if (first !== 0 || end !== 63 || bits !== 0) {
      mended = bytes.slice();
      mended.set([0, 63, 0], last);
      notes.push("a wrong byte in the header of its scan was ignored");
    }
  }
  // A complete scan needs no end marker, and the decoder reports an incomplete one. Progressive
  // files may lack scans.
  if (scan !== undefined && !hasEnd(bytes, scan)) {
    const ended = new Uint8Array(mended.length + 2);
    ended.set(mended);
    ended.set([FILL, EOI], mended.length);
    mended = ended;
    notes.push("its missing end marker was ignored");
  }
  if (stray.length > 0) {
    mended = without(mended, stray);
    notes.push("stray bytes between its headers were ignored");
  }
  return { bytes: mended, notes };
}

/**
 * Whether the first frame header, if there is one, describes 8-bit sequential or progressive data.
 */
export function isUsualJpeg(bytes: Uint8Array): boolean {
  for (let at = 2; at + 4 <= bytes.length;) {
    const marker = nextMarker(bytes, at);
    if (marker === undefined || marker + 5 > bytes.length) return true;
    const code = bytes[marker + 1]!; // in range
    const isFrame = code >= SOF0 && code <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(code);
    if (isFrame) return bytes[marker + 4] === 8 && [0xc0, 0xc1, 0xc2, 0xc9, 0xca].includes(code);
    if (code === SOS || code === EOI) return true;
    at = marker + 2 + (bytes[marker + 2]! << 8 | bytes[marker + 3]!);
  }
  return true;
}

/** Whether an end marker follows the start of the scan; scan data contains none. */
function hasEnd(bytes: Uint8Array, scan: number): boolean {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return file.lastIndexOf(Buffer.of(FILL, EOI)) > scan;
}

/** The offset of the next marker: 0xff, followed by neither 0xff nor 0. */
function nextMarker(bytes: Uint8Array, at: number): number | undefined {
  for (let i = at; i + 1 < bytes.length; i++) {
    if (bytes[i] === 0xff && bytes[i + 1] !== 0 && bytes[i + 1] !== FILL) return i;
  }
}

function without(bytes: Uint8Array, parts: readonly [number, number][]): Uint8Array {
  const kept: Uint8Array[] = [];
  let at = 0;
  for (const [from, to] of parts) {
    kept.push(bytes.subarray(at, from));
    at = to;
  }
  kept.push(bytes.subarray(at));
  return joinBytes(kept);
}
