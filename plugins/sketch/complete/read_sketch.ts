/** Reads a user's own sketch. */
import {
  DrawingError,
  messageOf,
  PictureError,
  pictureFormat,
  placedLines,
} from "../../../core/mod.ts";
import { lineWidthAt } from "../line_width.ts";
import { fitInk } from "./fit_ink.ts";
import { inkOfLines } from "./line_ink.ts";
import { inkOfPicture } from "./picture_ink.ts";
import { type InkPicture, thickenLines } from "./thicken_lines.ts";

/** Side at which files are analysed before they are reduced, px. */
const SIDE = 512;
/** Larger files are not read. */
const MAX_BYTES = 512 * 2 ** 20;

export interface ReadSketch {
  /** [resolution²] in [-1, 1], ink is 1. */
  raster: Float32Array;
  /** The file's own lines in the unit square, if it has lines and they have not been moved. */
  lines?: readonly Float32Array[];
}

/**
 * Reads a picture, or any sketch file that training accepts, as a partial sketch; the format is
 * detected from the content. Pictures that are not square are padded with paper.
 * @param options.resolution of the networks, px a side
 * @param options.fit scales the bounding box of the ink to the square minus its margin
 * @param options.tell receives notes for the user; there is none for dark lines on light paper
 * @throws TypeError, SyntaxError or RangeError saying what is wrong with the file
 */
export async function readSketch(
  path: string,
  { resolution, fit = false, tell = () => {} }: {
    resolution: number;
    fit?: boolean;
    tell?: (what: string) => void;
  },
): Promise<ReadSketch> {
  const lineWidth = lineWidthAt(resolution) / resolution;
  const picture = await readInk(path, lineWidth, tell);
  if (!picture.ink.some((value) => value > 0.25)) {
    throw new RangeError(
      `Cannot complete ${path}: expected a sketch with lines, received a blank one`,
    );
  }
  const { lines, ...drawn } = picture;
  return {
    raster: thickenLines(fit ? await fitInk(drawn) : drawn, { resolution, lineWidth }),
    ...(lines && !fit ? { lines } : {}),
  };
}

async function readInk(
  path: string,
  lineWidth: number,
  tell: (what: string) => void,
): Promise<InkPicture & Pick<ReadSketch, "lines">> {
  const bytes = await readBytes(path);
  try {
    if (isPicture(bytes)) {
      const { found, notes, ...picture } = await inkOfPicture(bytes, SIDE);
      for (const note of notes) tell(note);
      if (found) tell(`read as ${found}`);
      return picture;
    }
    const { lines, count } = await placedLines(bytes, path, tell);
    if (count > 1) {
      tell(`has ${count < 1000 ? count : "1000 or more"} drawings: the first is completed`);
    }
    return { ...inkOfLines(lines, { side: SIDE, lineWidth }), lines };
  } catch (cause) {
    if (!(cause instanceof DrawingError) && !(cause instanceof PictureError)) throw cause;
    throw new SyntaxError(
      `Cannot complete ${path}: expected a sketch that can be read, such as a picture, an .svg ` +
        `or .ndjson, ` +
        `received ${messageOf(cause)}`,
      { cause },
    );
  }
}

/** Whether the file is a picture, supported or not. */
function isPicture(bytes: Uint8Array): boolean {
  const sniffed = pictureFormat(bytes);
  return "format" in sniffed || / picture|camera|Photoshop|film|icon/.test(sniffed.reason);
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    const { isFile, size } = await Deno.stat(path);
    if (!isFile) throw new TypeError("not a regular file");
    if (size > MAX_BYTES) throw new RangeError("more than 512 MiB");
    return await Deno.readFile(path);
  } catch (cause) {
    throw new TypeError(
      `Cannot complete ${path}: expected a file that can be read, received ${messageOf(cause)}`,
      { cause },
    );
  }
}
