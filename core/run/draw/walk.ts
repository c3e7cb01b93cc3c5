/** Animations that walk from seed to seed. */
import { type HostImages, type RawPicture, renderGrid, writeAnimation } from "../../images/mod.ts";
import type { LoadedRun } from "../loaded_run.ts";
import { RunError } from "../run_error.ts";
import { latentOf } from "../../latents/seeded.ts";
import { drawLatents } from "./draw_latents.ts";
import { type DrawOptions, expectFewLabels } from "./draw_options.ts";
import { expectGenerator } from "./expect_generator.ts";
import { walkLatents } from "../../latents/walk_latents.ts";

/** How to walk; everything has a default. */
export interface WalkOptions extends DrawOptions {
  /** Frames from one seed to the next. Default 30. */
  frames?: number;
  /** Whether the last seed leads back to the first. Default false. */
  loop?: boolean;
  /** Frames a second, up to 50. Default 20. */
  fps?: number;
  /** Walks beside each other, each past seeds of its own after those given. Default one. */
  grid?: { columns: number; rows: number };
  /** px of the animation's longer side. Default: so that a cell has 128. */
  size?: number | undefined;
  /** Told when drawing is over and the file is written. */
  onWriting?: () => void;
}

/** Pixels of all frames together: encoders hold them at once. */
const MOST_PIXELS = 300_000_000;

/**
 * Walks past seeds and writes an animation.
 * @param path ends in .webp or .gif
 * @returns how many frames it has
 * @throws RunError where there are fewer than two seeds, or the animation would be too large
 */
export async function writeWalk(
  run: LoadedRun,
  path: string,
  seeds: readonly number[],
  options: WalkOptions = {},
): Promise<number> {
  const { grid = { columns: 1, rows: 1 }, fps = 20 } = options;
  expectSeeds(seeds);
  expectGenerator(run, "walk");
  const { size, frames } = walkSize(run, seeds, options);
  const images = await drawWalk(run, seeds, options);
  options.onWriting?.();
  const cells = grid.columns * grid.rows, length = images.data.length / frames;
  const shape = [cells, ...images.shape.slice(1)];
  const pictures = Array.from({ length: frames }, (_, i): RawPicture => {
    const data = images.data.subarray(i * length, (i + 1) * length);
    return renderGrid({ data, shape }, { columns: grid.columns });
  });
  await writeAnimation(path, pictures, { delay: Math.round(1000 / fps), size });
  return frames;
}

/**
 * The images of a walk: between seeds the latents turn on a sphere, the noise stays.
 * @returns [frames · cells, R, R, C] in [-1, 1], frame by frame
 * @throws RunError where there are fewer than two seeds
 */
export async function drawWalk(
  run: LoadedRun,
  seeds: readonly number[],
  options: WalkOptions = {},
): Promise<HostImages> {
  expectSeeds(seeds);
  const { latentSize } = expectGenerator(run, "walk");
  const { frames = 30, loop = false, grid = { columns: 1, rows: 1 } } = options;
  const span = Math.max(...seeds) - Math.min(...seeds) + 1;
  const walks = Array.from({ length: grid.columns * grid.rows }, (_, cell) => {
    const keys = seeds.map((seed) => latentOf(seed + cell * span, latentSize));
    return walkLatents(keys, frames, loop);
  });
  const count = walks[0]!.length; // one cell at least
  // One image after the other, frame by frame: a batch may span frames.
  const latents = Array.from({ length: count }, (_, frame) =>
    walks.map((walk, cell) => ({
      latent: walk[frame]!, // all walks are as long
      seed: seeds[0]! + cell * span, // two seeds or more
    }))).flat();
  const { labels } = options, cells = walks.length;
  if (labels) expectFewLabels(labels, cells, "walks, each of one class (--grid)");
  return await drawLatents(run, latents, {
    ...options,
    // a walk keeps its class
    labels: labels && latents.map((_, i) => labels[i % cells % labels.length]!),
  });
}

/** @throws RunError where a walk would have no way */
export function expectSeeds(seeds: readonly unknown[]): void {
  if (seeds.length >= 2) return;
  throw new RunError(
    `Cannot walk: expected two seeds or more, received ${seeds.length}. Example: --seeds 0-5`,
  );
}

/**
 * Size and frames of a walk.
 * @throws RunError where the animation would be too large
 */
export function walkSize(
  run: LoadedRun,
  seeds: readonly unknown[],
  { frames: between = 30, loop = false, grid = { columns: 1, rows: 1 }, size }: WalkOptions,
): { size: number; frames: number } {
  const frames = (seeds.length - (loop ? 0 : 1)) * between + (loop ? 0 : 1);
  return { size: animationSize(run, frames, grid, size), frames };
}

/**
 * px of an animation's longer side.
 * @param wanted default: so that a cell has 128
 * @throws RunError where the animation would be too large
 */
export function animationSize(
  run: Pick<LoadedRun, "resolution">,
  frames: number,
  grid: { columns: number; rows: number },
  wanted?: number,
): number {
  const longer = Math.max(grid.columns, grid.rows);
  const side = wanted ?? longer * run.resolution * Math.max(1, Math.floor(128 / run.resolution));
  if (frames * (side * grid.columns / longer) * (side * grid.rows / longer) <= MOST_PIXELS) {
    return side;
  }
  throw new RunError(
    `Cannot walk: expected at most ${MOST_PIXELS / 1e6} million pixels in all, received ` +
      `${frames} frames of ${side} px. Use a smaller --size or fewer --frames`,
  );
}
