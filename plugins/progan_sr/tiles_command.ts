/** `tiles PHOTO…`: cuts photographs into squares to learn from, and leaves out the flat ones. */
import { basename, extname, join } from "node:path";
import sharp from "sharp";
import { ConfigError, defineCommand, field, messageOf, object } from "../../core/mod.ts";
import { claim } from "./claim.ts";

/** A square of a picture. */
export interface CutTile {
  left: number; // px
  top: number; // px
  side: number; // px
  /** Standard deviation of its luma, 0 … 127.5. */
  detail: number;
  /** RGB, [side, side, 3]. */
  data: Uint8Array;
}

export const tilesCommand = defineCommand({
  name: "tiles",
  description: "Cut photographs into tiles to learn super-resolution from",
  arguments: "<images...>",
  needsRun: false,
  options: object({
    out: field.text("Where the tiles go", "tiles", "folder"),
    side: field.integer("Side of a tile, px", 256, { minimum: 8 }),
    detail: field.number("Leave out tiles whose luma has a smaller standard deviation", 8, {
      minimum: 0,
      maximum: 127,
    }),
    overwrite: field.boolean("Replace tiles that exist", false),
  }),
  async run({ args, options, print, progress, signal }) {
    const { side, detail: least, out: folder, overwrite } = options;
    await makeOut(folder);
    const failures: string[] = [], taken = new Set<string>();
    for (const [i, path] of args.entries()) {
      signal.throwIfAborted();
      progress(i / args.length, basename(path));
      try {
        const tiles = await cutTiles(path, side),
          kept = tiles.filter((tile) => tile.detail >= least);
        const name = basename(path, extname(path));
        const targets = kept.map(({ left, top }) => join(folder, `${name}-${left}-${top}.png`));
        for (const target of targets) await claim(target, taken, overwrite); // all or none
        for (const [k, { data }] of kept.entries()) {
          await sharp(data, { raw: { width: side, height: side, channels: 3 } }).png()
            .toFile(targets[k]!); // one a tile
        }
        print(`${path}: ${kept.length} tiles, ${tiles.length - kept.length} flat ones left out`);
      } catch (error) {
        const message = messageOf(error);
        failures.push(message.includes(path) ? message : `${path}: ${message}`);
      }
    }
    if (failures.length > 0) {
      throw new Error(
        `Cannot cut ${failures.length} of ${args.length} pictures:\n  ${failures.join("\n  ")}`,
      );
    }
  },
});

/**
 * Makes the folder of results.
 * @throws ConfigError where it can't be one
 */
export async function makeOut(folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true }).catch((cause) => {
    throw new ConfigError(`Cannot use --out ${folder}: expected a folder that can be made`, {
      cause,
    });
  });
}

/**
 * Reads a file that should be a picture.
 * @throws Error where it is none that can be read, a folder, say
 */
export async function readGiven(path: string): Promise<Uint8Array> {
  try {
    return await Deno.readFile(path);
  } catch (cause) {
    const isFolder = await Deno.stat(path).then((stat) => stat.isDirectory, () => false);
    const received = isFolder
      ? `a folder. Name its pictures: ${join(path, "*")}`
      : cause instanceof Deno.errors.NotFound
      ? "no such file"
      : messageOf(cause);
    throw new Error(`Cannot read ${path}: expected a picture, received ${received}`, { cause });
  }
}

/** The error for a file that no decoder reads; decoders' own words say little of it. */
export function notAPicture(path: string, cause: unknown): TypeError {
  const received = "a file that is none, or is damaged";
  return new TypeError(`Cannot read ${path}: expected a picture, received ${received}`, { cause });
}

/**
 * Cuts a picture, upright and in sRGB, into as many whole squares as fit, in its middle.
 * @param side px
 * @returns row by row
 * @throws TypeError where the file is no picture; RangeError where no square fits
 */
export async function cutTiles(path: string, side: number): Promise<CutTile[]> {
  const source = await readGiven(path);
  const { data, info } = await sharp(source).autoOrient().flatten({ background: "#ffffff" })
    .toColourspace("srgb").raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true })
    .catch((cause) => {
      throw notAPicture(path, cause);
    });
  const { width, height, channels } = info;
  const columns = Math.floor(width / side), rows = Math.floor(height / side);
  if (columns * rows === 0) {
    throw new RangeError(
      `Cannot cut ${path}: expected at least ${side} px a side, received ${width}×${height}`,
    );
  }
  const x0 = Math.floor((width - columns * side) / 2), y0 = Math.floor((height - rows * side) / 2);
  return Array.from({ length: rows * columns }, (_, i) => {
    const left = x0 + (i % columns) * side, top = y0 + Math.floor(i / columns) * side;
    const tile = new Uint8Array(side * side * 3);
    for (let y = 0, o = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        const at = ((top + y) * width + left + x) * channels;
        for (let c = 0; c < 3; c++) tile[o++] = data[at + Math.min(c, channels - 1)]!; // inside; grey thrice
      }
    }
    return { left, top, side, detail: deviationOfLuma(tile), data: tile };
  });
}

/** Luma by ITU-R BT.601. */
function deviationOfLuma(rgb: Uint8Array): number {
  let sum = 0, squares = 0;
  for (let i = 0; i < rgb.length; i += 3) {
    const y = 0.299 * rgb[i]! + 0.587 * rgb[i + 1]! + 0.114 * rgb[i + 2]!; // inside
    sum += y;
    squares += y * y;
  }
  const count = rgb.length / 3, mean = sum / count;
  return Math.sqrt(Math.max(0, squares / count - mean * mean));
}
