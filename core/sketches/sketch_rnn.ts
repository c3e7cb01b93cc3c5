/**
 * Parses Sketch-RNN's .npz (Ha and Eck, "A Neural Representation of Sketch Drawings", 2017): arrays
 * "train", "valid" and "test" of drawings, each [N, 3] with offsets to the right and down, and
 * whether the pen is lifted after the point.
 */
import { unzipSync } from "fflate";
import { DrawingError } from "./drawing.ts";
import { found, type FoundStrokes } from "./parse_strokes.ts";
import { type StrokeDrawing, strokeDrawing, type StrokeRows } from "./stroke_drawing.ts";
import { decompressedLimit } from "./gunzip.ts";
import { type NumpyArray, numpyObjects } from "./numpy_pickle.ts";

/** Readers of NumPy's numeric types. */
const NUMBERS: Record<string, [bytes: number, read: NumberReader]> = {
  i1: [1, (view, at) => view.getInt8(at)],
  i2: [2, (view, at, isLittle) => view.getInt16(at, isLittle)],
  i4: [4, (view, at, isLittle) => view.getInt32(at, isLittle)],
  i8: [8, (view, at, isLittle) => Number(view.getBigInt64(at, isLittle))],
  f2: [2, (view, at, isLittle) => view.getFloat16(at, isLittle)],
  f4: [4, (view, at, isLittle) => view.getFloat32(at, isLittle)],
  f8: [8, (view, at, isLittle) => view.getFloat64(at, isLittle)],
};

type NumberReader = (view: DataView, at: number, isLittle: boolean) => number;

/**
 * The drawings of all arrays one by one.
 * @throws DrawingError if the file has none
 */
export function* parseSketchRnn(bytes: Uint8Array): Generator<FoundStrokes> {
  let number = 0, arrays = 0;
  for (const [name, npy] of Object.entries(unpacked(bytes))) {
    if (!/^(train|valid|test)\.npy$/.test(name)) continue;
    arrays++;
    for (const one of drawingsOf(npy)) {
      number++;
      yield { number, drawing: found(() => drawingOf(one)) };
    }
  }
  if (arrays > 0) return;
  throw new DrawingError('an .npz without "train", "valid" or "test", as those of sketch-rnn have');
}

function unpacked(bytes: Uint8Array): Record<string, Uint8Array> {
  let total = 0;
  const most = decompressedLimit(bytes.length);
  try {
    return unzipSync(bytes, {
      filter({ originalSize, size }) {
        total += originalSize;
        if (total > most || size > bytes.length) throw new RangeError();
        return true;
      },
    });
  } catch (error) {
    throw new DrawingError(
      error instanceof RangeError ? "an .npz that unpacks to too much" : "a damaged .npz",
    );
  }
}

/** The content of an .npy as a list of arrays. */
function drawingsOf(npy: Uint8Array): unknown[] {
  if (npy[0] !== 0x93 || npy.length < 12) throw new DrawingError("a damaged .npy");
  const view = new DataView(npy.buffer, npy.byteOffset, npy.byteLength), isFirst = npy[6] === 1;
  const from = isFirst ? 10 : 12;
  const to = from + (isFirst ? view.getUint16(8, true) : view.getUint32(8, true));
  const header = new TextDecoder("latin1").decode(npy.subarray(from, to));
  if (!/'descr':\s*'\|?O'/.test(header)) {
    throw new DrawingError("an .npz of numbers, not of drawings as those of sketch-rnn");
  }
  return numpyObjects(npy.subarray(to));
}

function drawingOf(value: unknown): StrokeDrawing {
  const { shape: [length = 0, columns] = [], type = "", isByColumns, data } =
    (value ?? {}) as Partial<NumpyArray>;
  if (columns !== 3 || !(data instanceof Uint8Array)) {
    throw new DrawingError("a drawing that is not [N, 3] of numbers");
  }
  const [size, read] = NUMBERS[type.replace(/^[<>]/, "")] ?? [];
  if (size === undefined || read === undefined) {
    throw new DrawingError(`numbers of the type "${type}": expected i1 to i8 or f2 to f8`);
  }
  if (data.length !== size * 3 * length) throw new DrawingError("a damaged array");
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const isLittle = !type.startsWith(">");
  const strokes: StrokeRows[] = [];
  let x = 0, y = 0, xs: number[] = [], ys: number[] = [];
  for (let i = 0; i < length; i++) {
    const at = (column: number) =>
      read(view, size * (isByColumns ? column * length + i : 3 * i + column), isLittle);
    xs.push(x += at(0));
    ys.push(y += at(1));
    if (at(2) !== 1 && i < length - 1) continue;
    strokes.push({ xs, ys });
    [xs, ys] = [[], []];
  }
  return strokeDrawing(strokes);
}
