/**
 * Animated PNG (W3C PNG, third edition, 4.9 and 11.3.6): splits a file into whole frames, and joins
 * frames into a file.
 */
import { crc32 } from "node:zlib";
import { PictureError } from "../../../core/mod.ts";

/** A chunk of a PNG file. */
interface Chunk {
  type: string;
  data: Uint8Array;
}

/** A frame of the animation: the region that it changes, and its timing. */
export interface ApngFrame {
  /** A PNG file of the frame's region alone. */
  png: Uint8Array;
  width: number; // px, as are the next three
  height: number;
  x: number;
  y: number;
  /** Seconds, as numerator and denominator. */
  delay: [number, number];
  /**
   * What happens to the region after the frame: 0 keeps it, 1 clears it, 2 restores what was there
   * before.
   */
  dispose: number;
  /** 0 replaces the region, 1 blends over it. */
  blend: number;
}

/** An animation split into frames. */
export interface Apng {
  width: number; // px, as is the height
  height: number;
  /** How often to play; 0 means forever. */
  loop: number;
  frames: ApngFrame[];
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10];

/** Chunks that are needed to decode the pixels, copied into each frame's file. */
const OF_EACH_FRAME = new Set(["PLTE", "tRNS"]);

/**
 * Splits an animated PNG into its frames.
 * @throws PictureError where a frame exceeds the canvas, or frames that the file declares are
 * missing
 */
export function splitApng(bytes: Uint8Array): Apng {
  const chunks = chunksOf(bytes), header = chunks[0];
  if (header?.type !== "IHDR" || header.data.length !== 13) throw broken();
  const size = viewOf(header.data), width = size.getUint32(0), height = size.getUint32(4);
  const shared = chunks.filter(({ type }) => OF_EACH_FRAME.has(type));
  const frames: (Omit<ApngFrame, "png"> & { parts: Uint8Array[] })[] = [];
  let loop = 0, told = 1;
  for (const { type, data } of chunks) {
    const view = viewOf(data);
    if (type === "acTL" && data.length >= 8) [told, loop] = [view.getUint32(0), view.getUint32(4)];
    else if (type === "fcTL") {
      if (data.length < 26) throw broken();
      const [w, h, x, y] = [4, 8, 12, 16].map((at) => view.getUint32(at)) as [
        number,
        number,
        number,
        number,
      ]; // four values
      if (w < 1 || h < 1 || x + w > width || y + h > height) throw broken();
      const delay: [number, number] = [view.getUint16(20), view.getUint16(22) || 100];
      const [dispose = 0, blend = 0] = data.subarray(24, 26);
      frames.push({ width: w, height: h, x, y, delay, dispose, blend, parts: [] });
      // pixels before the first frame are only a fallback image
    } else if (type === "IDAT") frames.at(-1)?.parts.push(data);
    else if (type === "fdAT") frames.at(-1)?.parts.push(data.subarray(4));
  }
  if (frames.length === 0) throw broken();
  if (frames.length < told) {
    throw new PictureError(`damaged: it has ${frames.length} of its ${told} frames`);
  }
  return {
    width,
    height,
    loop,
    frames: frames.map(({ parts, ...frame }) => {
      const data = header.data.slice(), view = viewOf(data);
      view.setUint32(0, frame.width);
      view.setUint32(4, frame.height);
      const pixels = parts.map((part) => ({ type: "IDAT", data: part }));
      const end = { type: "IEND", data: new Uint8Array() };
      return { ...frame, png: pngOf([{ type: "IHDR", data }, ...shared, ...pixels, end]) };
    }),
  };
}

const broken = () => new PictureError("damaged: its frames can't be told apart");

/**
 * Composes the frames one after the other, as a viewer does.
 * @param pixels of each frame's region, RGBA
 * @returns whole frames, RGBA
 */
export function composeFrames<T extends Uint8Array | Uint16Array>(
  { width, height, frames }: Apng,
  pixels: readonly T[],
): T[] {
  const most = pixels[0] instanceof Uint16Array ? 65535 : 255;
  const empty = () =>
    (pixels[0] instanceof Uint16Array
      ? new Uint16Array(width * height * 4)
      : new Uint8Array(width * height * 4)) as T; // of the same array type
  const canvas = empty(), shown: T[] = [];
  for (const [i, frame] of frames.entries()) {
    // one for each frame
    const own = pixels[i]!, before = frame.dispose === 2 ? canvas.slice() : undefined;
    for (let y = 0; y < frame.height; y++) {
      for (let x = 0; x < frame.width; x++) {
        const from = 4 * (y * frame.width + x);
        const to = 4 * ((frame.y + y) * width + frame.x + x);
        if (frame.blend === 1) layOver(canvas, to, own, from, most);
        else for (let c = 0; c < 4; c++) canvas[to + c] = own[from + c]!; // in bounds
      }
    }
    shown.push(canvas.slice() as T);
    if (before) canvas.set(before);
    else if (frame.dispose === 1) {
      for (let y = 0; y < frame.height; y++) {
        const at = 4 * ((frame.y + y) * width + frame.x);
        canvas.fill(0, at, at + 4 * frame.width);
      }
    }
  }
  return shown;
}

/** Source over destination (Porter and Duff 1984), with straight (not premultiplied) alpha. */
function layOver(
  to: Uint8Array | Uint16Array,
  at: number,
  from: Uint8Array | Uint16Array,
  start: number,
  most: number,
): void {
  // in bounds, as all below
  const over = from[start + 3]! / most, under = to[at + 3]! / most * (1 - over);
  const sum = over + under;
  for (let c = 0; c < 3; c++) {
    to[at + c] = sum === 0 ? 0 : Math.round((from[start + c]! * over + to[at + c]! * under) / sum);
  }
  to[at + 3] = Math.round(sum * most);
}

/**
 * Joins whole frames into an animation.
 * @param pngs files of the same size and type; the other chunks of the result are those of the
 * first
 * @param delays seconds, as numerator and denominator
 */
export function joinApng(
  pngs: readonly Uint8Array[],
  { delays, loop }: { delays: readonly [number, number][]; loop: number },
): Uint8Array {
  const out: Chunk[] = [];
  let sequence = 0;
  for (const [i, png] of pngs.entries()) {
    const chunks = chunksOf(png), header = viewOf(chunks[0]!.data); // a PNG begins with its header
    const control = new Uint8Array(26), view = viewOf(control);
    view.setUint32(0, sequence++);
    view.setUint32(4, header.getUint32(0));
    view.setUint32(8, header.getUint32(4));
    const [numerator, denominator] = delays[i] ?? [1, 10];
    view.setUint16(20, numerator);
    view.setUint16(22, denominator);
    let isTold = false;
    for (const { type, data } of chunks) {
      if (type === "IDAT" && !isTold) {
        out.push({ type: "fcTL", data: control });
        isTold = true;
      }
      if (i === 0 && type === "IHDR") out.push({ type, data }, animationOf(pngs.length, loop));
      else if (i === 0 && type !== "IEND") out.push({ type, data });
      else if (type === "IDAT") {
        const numbered = new Uint8Array(4 + data.length);
        viewOf(numbered).setUint32(0, sequence++);
        numbered.set(data, 4);
        out.push({ type: "fdAT", data: numbered });
      }
    }
  }
  return pngOf([...out, { type: "IEND", data: new Uint8Array() }]);
}

function animationOf(frames: number, loop: number): Chunk {
  const data = new Uint8Array(8), view = viewOf(data);
  view.setUint32(0, frames);
  view.setUint32(4, loop);
  return { type: "acTL", data };
}

/** @throws PictureError where a chunk extends beyond the file */
function chunksOf(bytes: Uint8Array): Chunk[] {
  const view = viewOf(bytes), chunks: Chunk[] = [];
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = view.getUint32(at),
      type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (at + 12 + length > bytes.length) throw new PictureError("damaged: it is cut short");
    chunks.push({ type, data: bytes.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return chunks;
}

function pngOf(chunks: readonly Chunk[]): Uint8Array {
  const size = chunks.reduce((sum, { data }) => sum + 12 + data.length, SIGNATURE.length);
  const out = new Uint8Array(size), view = viewOf(out);
  out.set(SIGNATURE);
  let at = SIGNATURE.length;
  for (const { type, data } of chunks) {
    view.setUint32(at, data.length);
    for (let i = 0; i < 4; i++) out[at + 4 + i] = type.charCodeAt(i);
    out.set(data, at + 8);
    view.setUint32(at + 8 + data.length, crc32(out.subarray(at + 4, at + 8 + data.length)));
    at += 12 + data.length;
  }
  return out;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
