/** Reads a person's own sketch. */
import { extname } from "node:path";
import sharp from "sharp";
import { lineWidthAt } from "../line_width.ts";
import { countDrawings, parseDrawing, strokeSvg } from "./stroke_svg.ts";
import { fitInk } from "./fit_ink.ts";
import { type InkPicture, thickenLines } from "./thicken_lines.ts";

/** Side at which files are looked at before they are reduced, px. */
const SIDE = 512;

/**
 * Reads a .png, .jpg, .webp, .svg or Quick, Draw! .ndjson file as a partial sketch. Pictures that aren't square get paper
 * beside them; light lines on dark are turned round.
 * @param options.resolution of the networks, px a side
 * @param options.fit scales the box of the ink to the square less its margin
 * @param options.onMore told how many drawings a .ndjson file has, where they are more than the one that is read
 * @returns [resolution²] in [-1, 1], ink is 1
 * @throws TypeError, SyntaxError or RangeError saying what is wrong with the file
 */
export async function readSketch(
  path: string,
  { resolution, fit = false, onMore }: {
    resolution: number;
    fit?: boolean;
    onMore?: (count: number) => void;
  },
): Promise<Float32Array> {
  const lineWidth = lineWidthAt(resolution) / resolution;
  const picture = await readInk(path, lineWidth, onMore);
  if (!picture.ink.some((value) => value > 0.25)) {
    throw new RangeError(
      `Cannot complete ${path}: expected a sketch with lines, received a blank one`,
    );
  }
  return thickenLines(fit ? await fitInk(picture) : picture, { resolution, lineWidth });
}

async function readInk(
  path: string,
  lineWidth: number,
  onMore?: (count: number) => void,
): Promise<InkPicture> {
  const type = extname(path).toLowerCase();
  const readers: Record<string, (bytes: Uint8Array) => Uint8Array> = {
    ".ndjson": (bytes) => {
      const text = decode(bytes), svg = strokeSvg(parseDrawing(text), { side: SIDE, lineWidth });
      const count = countDrawings(text);
      if (count > 1) onMore?.(count);
      return encode(svg);
    },
    ".svg": (bytes) => encode(thinSvg(decode(bytes), lineWidth)),
    ".png": (bytes) => bytes,
    ".jpg": (bytes) => bytes,
    ".jpeg": (bytes) => bytes,
    ".webp": (bytes) => bytes,
  };
  const read = readers[type];
  if (!read) {
    throw new TypeError(
      `Cannot complete ${path}: expected a file ending in ${Object.keys(readers).join(", ")}, ` +
        `received "${type}"`,
    );
  }
  let bytes: Uint8Array;
  try {
    bytes = await Deno.readFile(path);
  } catch (cause) {
    throw new TypeError(`Cannot complete ${path}: expected a file that can be read`, { cause });
  }
  try {
    const { data, info } = await sharp(read(bytes)).autoOrient().flatten({ background: "#fff" })
      .resize(SIDE, SIDE, { fit: "inside" })
      .greyscale().raw().toBuffer({ resolveWithObject: true });
    const ink = darkAsInk(Float32Array.from(data, (value) => 1 - value / 255));
    return { ink: withPaper(ink, info), side: SIDE };
  } catch (cause) {
    throw new SyntaxError(
      `Cannot complete ${path}: expected a ${type.slice(1)} file that can be read`,
      { cause },
    );
  }
}

/** Turns light lines on dark round: most of a sketch is paper. */
function darkAsInk(ink: Float32Array): Float32Array {
  const mean = ink.reduce((sum, value) => sum + value, 0) / ink.length;
  return mean > 0.5 ? ink.map((value) => 1 - value) : ink;
}

/** The picture in the middle of a square of paper. */
function withPaper(
  ink: Float32Array,
  { width, height }: { width: number; height: number }, // px, at most SIDE
): Float32Array {
  const square = new Float32Array(SIDE * SIDE);
  const left = (SIDE - width) >> 1, top = (SIDE - height) >> 1;
  for (let y = 0; y < height; y++) {
    square.set(ink.subarray(y * width, (y + 1) * width), (top + y) * SIDE + left);
  }
  return square;
}

/** The SVG with lines as wide as in training, larger than its own size. */
function thinSvg(text: string, lineWidth: number): string {
  const root = /<svg\b[^>]*>/i.exec(text)?.[0];
  if (!root) throw new SyntaxError("expected an <svg> element, received none");
  const attribute = (name: string) =>
    new RegExp(`\\s${name}\\s*=\\s*(["'])(.*?)\\1`, "is").exec(root)?.[2]?.trim();
  const number = (name: string) => Number(/^([\d.]+)(?:px)?$/.exec(attribute(name) ?? "")?.[1]);
  const box = attribute("viewBox")?.split(/[\s,]+/).map(Number);
  const width = box?.[2] ?? number("width"), height = box?.[3] ?? number("height");
  const side = Math.max(width, height);
  if (!(side > 0)) {
    throw new SyntaxError("expected a viewBox, or width and height, received neither");
  }
  const style = `<style>*{stroke-width:${side * lineWidth}!important}</style>`;
  const sized = root.replace(/\s(width|height|viewBox)\s*=\s*("[^"]*"|'[^']*')/gi, "").replace(
    /<svg/i,
    `<svg width="${SIDE * width / side}" height="${SIDE * height / side}" ` +
      `viewBox="${box?.join(" ") ?? `0 0 ${width} ${height}`}" color="#000"`,
  );
  return text.replace(root, sized.endsWith("/>") ? sized : sized + style);
}

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const encode = (text: string) => new TextEncoder().encode(text);
