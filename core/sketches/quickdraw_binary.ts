/**
 * Parses Quick, Draw!'s binary files, little-endian without a header. Each drawing has a key (8
 * bytes), country (2 letters), recognized (1), time (4), strokes (2), and per stroke: points (2),
 * all x, all y (a byte each).
 */
import { DrawingError } from "./drawing.ts";
import { found, type FoundStrokes } from "./parse_strokes.ts";
import { type StrokeDrawing, strokeDrawing, type StrokeRows } from "./stroke_drawing.ts";

const HEADER = 17; // bytes

/**
 * Whether the first three drawings, or all if there are fewer, are complete and have a country
 * code; hardly any other file does.
 */
export function isQuickDrawBinary(bytes: Uint8Array): boolean {
  let from = 0;
  for (let left = 3; left > 0 && (left === 3 || from < bytes.length); left--) {
    const end = endOfDrawing(bytes, from);
    if (end === undefined || end < from + HEADER + 2) return false;
    const country = String.fromCharCode(...bytes.subarray(from + 8, from + 10));
    if (!/^[A-Z]{2}$/.test(country) || bytes[from + 10]! > 1) return false; // the header is whole
    from = end;
  }
  return true;
}

/** The drawings one by one; reading ends at a drawing that is cut off by the end of the file. */
export function* parseQuickDrawBinary(bytes: Uint8Array): Generator<FoundStrokes> {
  for (let from = 0, number = 1; from < bytes.length; number++) {
    const to = endOfDrawing(bytes, from);
    if (to === undefined) {
      yield { number, drawing: new DrawingError("a drawing that is cut off by the file's end") };
      return;
    }
    const one = bytes.subarray(from, to);
    yield { number, drawing: found(() => drawingOf(one)) };
    from = to;
  }
}

/** The end offset of a drawing; undefined if it is beyond the file. */
function endOfDrawing(bytes: Uint8Array, from: number): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (from + HEADER > bytes.length) return undefined;
  let at = from + HEADER;
  for (let left = view.getUint16(from + 15, true); left > 0; left--) {
    if (at + 2 > bytes.length) return undefined;
    at += 2 + 2 * view.getUint16(at, true);
    if (at > bytes.length) return undefined;
  }
  return at;
}

/** @param bytes of one complete drawing */
function drawingOf(bytes: Uint8Array): StrokeDrawing {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const strokes: StrokeRows[] = [];
  for (let at = HEADER; at < bytes.length;) {
    const count = view.getUint16(at, true), x = at + 2, y = x + count;
    strokes.push({ xs: bytes.subarray(x, y), ys: bytes.subarray(y, y + count) });
    at = y + count;
  }
  return strokeDrawing(strokes, { recognized: bytes[10] !== 0 });
}
