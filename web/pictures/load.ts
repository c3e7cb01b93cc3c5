/// <reference lib="dom" />
/** Sample grids in the browser: loaded once, cut into cells. */
import type { PublicSample } from "../live/wire.ts";
import { drawnCells } from "./drawn.ts";
import { cutCell, type Pixels } from "./pixels.ts";

/** Decoded grids to keep. */
const KEPT = 60;
const pictures = new Map<string, Promise<HTMLImageElement>>();

/** Loads the picture of a grid; failures are not cached. */
export function loadPicture(url: string): Promise<HTMLImageElement> {
  const known = pictures.get(url);
  if (known) {
    pictures.delete(url);
    pictures.set(url, known);
    return known;
  }
  const image = new Image();
  image.src = url;
  const loading = image.decode().then(() => image);
  loading.catch(() => pictures.delete(url));
  pictures.set(url, loading);
  const oldest = pictures.keys().next();
  if (pictures.size > KEPT && !oldest.done) pictures.delete(oldest.value);
  return loading;
}

/** Side of a cell as stored, px. */
export function cellSide(image: HTMLImageElement, sample: PublicSample): number {
  return Math.max(1, Math.floor(image.naturalWidth / sample.columns));
}

/** A rectangle in a picture, px. */
export interface Place {
  left: number;
  top: number;
  width: number;
  height: number;
}

/**
 * The rectangle of a drawn cell of a grid.
 * @param options its index among the drawn ones
 */
export function placeOfCell(
  image: HTMLImageElement,
  { sample, cell }: { sample: PublicSample; cell: number },
): Place {
  const side = cellSide(image, sample);
  const index = drawnCells(sample)[cell] ?? 0;
  const column = index % sample.columns, row = Math.floor(index / sample.columns);
  return { left: column * side, top: row * side, width: side, height: side };
}

/**
 * Draws a picture on a canvas, which is resized to it.
 * @param options which part (default: all of it), and by what factor to enlarge it
 */
export function drawPicture(
  canvas: HTMLCanvasElement,
  image: HTMLImageElement,
  { place, scale = 1 }: { place?: Place; scale?: number } = {},
): void {
  const whole = { left: 0, top: 0, width: image.naturalWidth, height: image.naturalHeight };
  const { left, top, width, height } = place ?? whole;
  canvas.width = width * scale;
  canvas.height = height * scale;
  const context = canvas.getContext("2d");
  if (!context) return;
  context.imageSmoothingEnabled = false;
  context.drawImage(image, left, top, width, height, 0, 0, canvas.width, canvas.height);
}

/** All drawn cells of a grid, at their stored size. */
export async function readCells(sample: PublicSample): Promise<Pixels[]> {
  const image = await loadPicture(sample.url);
  const side = cellSide(image, sample);
  const canvas = document.createElement("canvas");
  canvas.width = side * sample.columns;
  canvas.height = side * sample.rows;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("Cannot read a picture: this browser gives no 2d canvas");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  return drawnCells(sample).map((i) =>
    cutCell(data, {
      width: canvas.width,
      left: (i % sample.columns) * side,
      top: Math.floor(i / sample.columns) * side,
      side,
    })
  );
}
