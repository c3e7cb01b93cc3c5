/** Animations of images that move along directions in w. */
import { expectWritableFile } from "../../expect_writable.ts";
import { renderGrid, writeAnimation } from "../../images/mod.ts";
import { animationShape, type WalkOptions } from "../draw/walk.ts";
import type { LoadedRun } from "../loaded_run.ts";
import { RunError } from "../run_error.ts";
import { edited, type StyleEdit } from "./styled_image.ts";
import { drawStyled, type Source, stylesOf } from "./styled_images.ts";

/**
 * The position of each frame, -1 … 1: linearly from one end to the other, or smoothly there and
 * back where it loops.
 * @param frames number of steps from one end to the other
 * @returns frames + 1 numbers, or 2 · frames where it loops
 */
export function swing(frames: number, loop: boolean): number[] {
  return loop
    ? Array.from({ length: 2 * frames }, (_, i) => -Math.cos(Math.PI * i / frames))
    : Array.from({ length: frames + 1 }, (_, i) => 2 * i / frames - 1);
}

/**
 * Writes an animation in which every source, in a cell of its own, moves from the negative to the
 * positive end of all edits at once.
 * @param path ends in .webp or .gif
 * @param edits each moves from minus its amount to its amount
 * @returns its number of frames
 * @throws RunError where the grid's cells don't match the sources, or the animation can't be
 * written
 */
export async function writeDirectionWalk(
  run: LoadedRun,
  path: string,
  sources: readonly Source[],
  edits: readonly StyleEdit[],
  options: WalkOptions = {},
): Promise<number> {
  const { frames: each = 30, loop = false } = options;
  const columns = Math.ceil(Math.sqrt(sources.length));
  const { grid = { columns, rows: Math.ceil(sources.length / columns) } } = options;
  const cells = grid.columns * grid.rows;
  if (options.grid && cells !== sources.length) {
    throw new RunError(
      `Cannot walk along a direction in ${grid.columns}x${grid.rows} cells: expected ${cells} ` +
        `seeds, received ${sources.length}`,
    );
  }
  const count = loop ? 2 * each : each + 1;
  const { size, delay } = animationShape(run, path, count, { ...options, grid });
  await expectWritableFile(path);
  const positions = swing(each, loop);
  const start = await stylesOf(run, sources, options);
  // Drawn cell by cell, so that a picture's tuned weights are set only once.
  const images = start.flatMap((image) =>
    positions.map((t) => edited(image, edits.map((edit) => ({ ...edit, amount: t * edit.amount }))))
  );
  const { data, shape } = await drawStyled(run, images, options);
  options.onWriting?.();
  const length = data.length / images.length;
  const pictures = positions.map((_, frame) => {
    const picture = new Float32Array(sources.length * length);
    sources.forEach((_, cell) => {
      const from = (cell * positions.length + frame) * length;
      picture.set(data.subarray(from, from + length), cell * length);
    });
    return renderGrid(
      { data: picture, shape: [sources.length, ...shape.slice(1)] },
      { columns: grid.columns },
    );
  });
  await writeAnimation(path, pictures, { delay, size });
  return positions.length;
}
