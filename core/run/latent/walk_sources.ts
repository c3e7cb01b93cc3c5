/** Animations that interpolate in w between seeds and projected pictures. */
import { expectWritableFile } from "../../expect_writable.ts";
import { renderGrid, writeAnimation } from "../../images/mod.ts";
import { expectSeeds, type WalkOptions, walkShape } from "../draw/walk.ts";
import type { LoadedRun } from "../loaded_run.ts";
import { RunError } from "../run_error.ts";
import { between } from "./styled_image.ts";
import { drawStyled, type Source, stylesOf } from "./styled_images.ts";

/**
 * Writes an animation like `Run.walk`, for sources of either kind: linear interpolation in w+, with
 * the noise of the first source.
 * @returns its number of frames
 * @throws RunError for a grid of walks: projected pictures have no consecutive seeds for the other
 * cells
 */
export async function writeSourceWalk(
  run: LoadedRun,
  path: string,
  sources: readonly Source[],
  options: WalkOptions = {},
): Promise<number> {
  const { frames: each = 30, loop = false, grid } = options;
  expectSeeds(sources);
  if (grid && grid.columns * grid.rows > 1) {
    throw new RunError(
      `Cannot walk in a grid past a projected picture: expected one walk, received ` +
        `${grid.columns}x${grid.rows}`,
    );
  }
  const { size, delay } = walkShape(run, path, sources, options);
  await expectWritableFile(path);
  const keys = await stylesOf(run, sources, options), { noise } = keys[0]!; // at least two
  const legs = loop ? keys.length : keys.length - 1;
  const images = Array.from({ length: legs * each + (loop ? 0 : 1) }, (_, i) => {
    const leg = Math.min(Math.floor(i / each), legs - 1), t = i / each - leg;
    return { ...between(keys[leg]!, keys[(leg + 1) % keys.length]!, t), noise }; // inside
  });
  const { data, shape } = await drawStyled(run, images, options);
  options.onWriting?.();
  const length = data.length / images.length;
  const pictures = images.map((_, i) =>
    renderGrid({ data: data.subarray(i * length, (i + 1) * length), shape: [1, ...shape.slice(1)] })
  );
  await writeAnimation(path, pictures, { delay, size });
  return images.length;
}
