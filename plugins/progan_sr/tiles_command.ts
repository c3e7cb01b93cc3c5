/** `tiles PHOTO…`: cuts photographs into training tiles and leaves out the flat ones. */
import { basename } from "node:path";
import sharp from "sharp";
import {
  counted,
  defineCommand,
  field,
  listPictures,
  object,
  openPicture,
  readPictureFile,
  writeWhole,
} from "../../core/mod.ts";
import { claim } from "./claim.ts";
import { expectOut, expectPictures, failureOf, printSkipped } from "./given_pictures.ts";
import { freePaths } from "./result_path.ts";

export interface CutTile {
  left: number; // px
  top: number; // px
  side: number; // px
  /** Standard deviation of the tile's luma, 0 … 127.5. */
  detail: number;
  /** RGB [side, side, 3]. */
  data: Uint8Array;
}

export interface CutPicture {
  /** In row order. */
  tiles: CutTile[];
  /** What was skipped in reading the file, for the user. */
  notes: string[];
}

export const tilesCommand = defineCommand({
  name: "tiles",
  description: "Cut photographs into tiles to learn super-resolution from",
  arguments: "<paths...>",
  needsRun: false,
  options: object({
    out: field.text("Where the tiles go", "tiles", "folder"),
    side: field.integer("Side of a tile, px", 256, { minimum: 8 }),
    detail: field.number(
      "Leave out tiles whose luma has a smaller standard deviation than this",
      8,
      {
        minimum: 0,
        maximum: 127,
      },
    ),
    overwrite: field.boolean("Replace existing tiles", false),
  }),
  async run(context) {
    const { args, options, print, progress, signal } = context;
    const { side, detail: least, out: folder, overwrite } = options;
    await expectOut(folder, context);
    const { pictures, skipped } = await listPictures(args, folder);
    expectPictures(args, pictures);
    printSkipped(skipped, print);
    const failures: string[] = [], taken = new Set<string>();
    for (const [i, listed] of pictures.entries()) {
      const { path } = listed;
      signal.throwIfAborted();
      progress(i / pictures.length, basename(path));
      try {
        const { tiles, notes } = await cutTiles(path, side);
        const kept = tiles.filter((tile) => tile.detail >= least);
        const endings = kept.map(({ left, top }) => `-${left}-${top}.png`);
        const targets = freePaths(folder, listed, { endings, taken });
        // all tiles of a picture are claimed, or none
        for (const target of targets) await claim(target, { taken, overwrite, context });
        for (const [k, { data }] of kept.entries()) {
          const png = await sharp(data, { raw: { width: side, height: side, channels: 3 } }).png()
            .toBuffer();
          await writeWhole(targets[k]!, png); // one for each tile
        }
        const flat = tiles.length - kept.length;
        print(
          `${path}: ${counted(kept.length, "tile")}, ` +
            `${counted(flat, "flat one")} left out`,
        );
        for (const note of notes) print(`  ${path}: ${note}`);
      } catch (error) {
        failures.push(failureOf(path, error));
      }
    }
    if (failures.length > 0) {
      throw new Error(
        `Cannot cut ${failures.length} of ${pictures.length} pictures:\n  ${failures.join("\n  ")}`,
      );
    }
  },
});

/**
 * Cuts the upright picture, in sRGB, into as many whole squares as fit, centred.
 * @param side px
 * @throws PictureError where the file is not a picture; RangeError where no square fits
 */
export async function cutTiles(path: string, side: number): Promise<CutPicture> {
  const picture = await openPicture(await readPictureFile(path));
  const { data, info } = await picture.decode((image) =>
    image.flatten({ background: "#ffffff" }).toColourspace("srgb").raw({ depth: "uchar" })
  );
  const { width, height, channels } = info;
  const columns = Math.floor(width / side), rows = Math.floor(height / side);
  if (columns * rows === 0) {
    throw new RangeError(
      `Cannot cut ${path}: expected at least ${side} px a side, received ${width}×${height}`,
    );
  }
  const x0 = Math.floor((width - columns * side) / 2), y0 = Math.floor((height - rows * side) / 2);
  const tiles = Array.from({ length: rows * columns }, (_, i): CutTile => {
    const left = x0 + (i % columns) * side, top = y0 + Math.floor(i / columns) * side;
    const tile = new Uint8Array(side * side * 3);
    for (let y = 0, o = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        const at = ((top + y) * width + left + x) * channels;
        // in bounds; a grey value is repeated for R, G and B
        for (let c = 0; c < 3; c++) tile[o++] = data[at + Math.min(c, channels - 1)]!;
      }
    }
    return { left, top, side, detail: deviationOfLuma(tile), data: tile };
  });
  return { tiles, notes: picture.notesOfFirst };
}

/** Standard deviation of luma (ITU-R BT.601). */
function deviationOfLuma(rgb: Uint8Array): number {
  let sum = 0, squares = 0;
  for (let i = 0; i < rgb.length; i += 3) {
    const y = 0.299 * rgb[i]! + 0.587 * rgb[i + 1]! + 0.114 * rgb[i + 2]!; // in bounds
    sum += y;
    squares += y * y;
  }
  const count = rgb.length / 3, mean = sum / count;
  return Math.sqrt(Math.max(0, squares / count - mean * mean));
}
