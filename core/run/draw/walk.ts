/** Animations that interpolate from seed to seed. */
import { expectWritableFile } from "../../expect_writable.ts";
import {
  type HostImages,
  MOST_DELAY,
  type RawPicture,
  renderGrid,
  writeAnimation,
} from "../../images/mod.ts";
import type { LoadedRun } from "../loaded_run.ts";
import { RunError } from "../run_error.ts";
import { LARGEST_SEED } from "../../seed.ts";
import { latentOf } from "../../latents/seeded.ts";
import { drawLatents } from "./draw_latents.ts";
import { type DrawOptions, expectFewLabels } from "./draw_options.ts";
import { expectAnimation } from "./expect_writable.ts";
import { expectGenerator } from "./expect_generator.ts";
import { walkLatents } from "../../latents/walk_latents.ts";

/** How to walk; all options have defaults. */
export interface WalkOptions extends DrawOptions {
  /** Frames from one seed to the next. Default 30. */
  frames?: number;
  /** Whether to return from the last seed to the first. Default false. */
  loop?: boolean;
  /** Frames per second, up to 50. Default 20. */
  fps?: number;
  /**
   * A grid of walks side by side; each further one uses the seeds that follow. Default: one walk.
   */
  grid?: { columns: number; rows: number };
  /** Longer side of the animation, px. Default: cells of 128 px. */
  size?: number | undefined;
  /** Called when drawing is done and writing begins. */
  onWriting?: () => void;
}

/**
 * Draws a walk through seeds and writes it as an animation.
 * @param path ends in .webp or .gif
 * @returns its number of frames
 * @throws RunError where there are fewer than two seeds, or the animation can't be written
 */
export async function writeWalk(
  run: LoadedRun,
  path: string,
  seeds: readonly number[],
  options: WalkOptions = {},
): Promise<number> {
  const { grid = { columns: 1, rows: 1 } } = options;
  expectSeeds(seeds);
  expectGenerator(run, "walk between seeds");
  const { size, delay, frames } = walkShape(run, path, seeds, options);
  await expectWritableFile(path);
  const images = await drawWalk(run, seeds, options);
  options.onWriting?.();
  const cells = grid.columns * grid.rows, length = images.data.length / frames;
  const shape = [cells, ...images.shape.slice(1)];
  const pictures = Array.from({ length: frames }, (_, i): RawPicture => {
    const data = images.data.subarray(i * length, (i + 1) * length);
    return renderGrid({ data, shape }, { columns: grid.columns });
  });
  await writeAnimation(path, pictures, { delay, size });
  return frames;
}

/**
 * Draws the images of a walk: latents are interpolated on a sphere, the noise is fixed.
 * @returns [frames · cells, R, R, C] in [-1, 1], frame by frame
 * @throws RunError where there are fewer than two seeds, or not enough for all cells
 */
export async function drawWalk(
  run: LoadedRun,
  seeds: readonly number[],
  options: WalkOptions = {},
): Promise<HostImages> {
  expectSeeds(seeds);
  const { latentSize } = expectGenerator(run, "walk between seeds");
  const { frames = 30, loop = false, grid = { columns: 1, rows: 1 } } = options;
  const span = Math.max(...seeds) - Math.min(...seeds) + 1;
  const last = Math.max(...seeds) + (grid.columns * grid.rows - 1) * span;
  if (last > LARGEST_SEED) {
    throw new RunError(
      `Cannot walk in ${grid.columns}x${grid.rows} cells: expected seeds of ${LARGEST_SEED} at ` +
        `most in all of them, received ${last} in the last. Use smaller --seeds`,
    );
  }
  const walks = Array.from({ length: grid.columns * grid.rows }, (_, cell) => {
    const keys = seeds.map((seed) => latentOf(seed + cell * span, latentSize));
    return walkLatents(keys, frames, loop);
  });
  const count = walks[0]!.length; // at least one cell
  // All images in one list, frame by frame, so that a batch may span frames.
  const latents = Array.from({ length: count }, (_, frame) =>
    walks.map((walk, cell) => ({
      latent: walk[frame]!, // all walks have the same length
      seed: seeds[0]! + cell * span, // at least two seeds
    }))).flat();
  const { labels } = options, cells = walks.length;
  if (labels) expectFewLabels(labels, cells, "walks, each of one class (--grid)");
  return await drawLatents(run, latents, {
    ...options,
    // each walk keeps its class
    labels: labels && latents.map((_, i) => labels[i % cells % labels.length]!),
  });
}

/** @throws RunError where there are fewer than two seeds */
export function expectSeeds(seeds: readonly unknown[]): void {
  if (seeds.length >= 2) return;
  throw new RunError(
    `Cannot walk: expected two seeds or more, received ${seeds.length}. Example: --seeds 0-5`,
  );
}

/**
 * The number of frames of a walk, and their size and delay.
 * @throws as {@linkcode animationShape}
 */
export function walkShape(
  run: LoadedRun,
  path: string,
  seeds: readonly unknown[],
  options: WalkOptions,
): AnimationShape & { frames: number } {
  const { frames: between = 30, loop = false } = options;
  const frames = (seeds.length - (loop ? 0 : 1)) * between + (loop ? 0 : 1);
  return { ...animationShape(run, path, frames, options), frames };
}

/** Size and timing of an animation. */
export interface AnimationShape {
  /** px of the longer side. */
  size: number;
  /** Milliseconds per frame. */
  delay: number;
}

/**
 * Checks an animation before it is drawn.
 * @param path its extension determines the format
 * @throws RunError where it can't be written: too large or too small, or too slow
 */
export function animationShape(
  run: Pick<LoadedRun, "resolution">,
  path: string,
  frames: number,
  { grid = { columns: 1, rows: 1 }, size: wanted, fps = 20 }: WalkOptions,
): AnimationShape {
  const delay = Math.round(1000 / fps);
  if (!(delay >= 0 && delay <= MOST_DELAY)) {
    throw new RunError(
      `Cannot walk: expected frames that stay ${MOST_DELAY} ms at most, received ${fps} frames a ` +
        `second. Use a higher --fps`,
    );
  }
  const longer = Math.max(grid.columns, grid.rows);
  const size = wanted ?? longer * run.resolution * Math.max(1, Math.floor(128 / run.resolution));
  const [width, height] = [grid.columns, grid.rows].map((cells) =>
    Math.round(size * cells / longer)
  ) as [number, number]; // map keeps the length
  const asked = { what: "walk", flag: "--size", fewer: " or fewer --frames" };
  expectAnimation(path, asked, { width, height, frames });
  return { size, delay };
}
