/** How images are drawn from a run: truncation, classes, which weights. */
import { labelOf } from "../../latents/seeded.ts";
import { closest } from "../../text.ts";
import { RunError } from "../run_error.ts";
import type { LoadedRun } from "../loaded_run.ts";

/** How to draw; all options have defaults. */
export interface DrawOptions {
  /** Truncation ψ: 1 draws from the full distribution, 0 draws the mean image. Default 0.7. */
  truncation?: number | undefined;
  /**
   * The first style layer that is not truncated; there are two per resolution, from the lowest up.
   * Default: all are truncated.
   */
  truncationCutoff?: number | undefined;
  /**
   * Classes by name or number, used in turn; conditional runs only. Default: drawn from each seed.
   */
  labels?: readonly string[] | undefined;
  /**
   * "ema": moving average of the generator; "live": the weights in training. Default "ema" where
   * the run keeps an average.
   */
  weights?: "ema" | "live" | undefined;
  /** Weight of the newest block, 0 … 1. Default: the run's current one. */
  alpha?: number | undefined;
  /** Called with the fraction drawn, 0 … 1. */
  onProgress?: ((fraction: number) => void) | undefined;
}

/** Default truncation ψ. */
export const TRUNCATION = 0.7;

/** @throws RunError where "ema" is requested and the run keeps no average */
export function weightsOf(
  run: Pick<LoadedRun, "id" | "training">,
  wanted: "ema" | "live" | undefined,
): "ema" | "live" {
  if (run.training.average) return wanted ?? "ema";
  if (wanted !== "ema") return "live";
  throw new RunError(
    `Cannot draw with --weights ema: expected a run that keeps an average, but ${run.id} has ` +
      `--ema-images 0. ` +
      `Use --weights live`,
  );
}

/**
 * The class of each seed: the given ones in turn, else one drawn from the seed.
 * @returns undefined where the run is not conditional
 * @throws RunError for a class that the run doesn't have, or more classes than seeds
 */
export function labelsOf(
  run: Pick<LoadedRun, "id" | "dataset">,
  wanted: readonly string[] | undefined,
  seeds: readonly number[],
): number[] | undefined {
  const { labels } = run.dataset;
  if (labels.length === 0) {
    if (!wanted) return undefined;
    throw new RunError(
      `Cannot use --labels with ${run.id}: expected a run that has classes, of --labels or ` +
        `--clusters`,
    );
  }
  if (!wanted) {
    return seeds.map((seed) => labelOf(seed, labels.length));
  }
  const numbers = wanted.map((word) => numberOf(word.normalize("NFC"), labels));
  // no seeds: only projected pictures, which have no class
  if (seeds.length > 0) expectFewLabels(wanted, seeds.length);
  return seeds.map((_, i) => numbers[i % numbers.length]!); // at least one label
}

/**
 * Refuses classes for which no image would be drawn.
 * @throws RunError where there are more classes than images
 */
export function expectFewLabels(wanted: readonly string[], images: number, what = "images"): void {
  if (wanted.length <= images) return;
  throw new RunError(
    `Cannot use --labels ${wanted.join(",")}: expected at most ${images} for ${images} ${what}, ` +
      `received ${wanted.length}`,
  );
}

function numberOf(word: string, labels: readonly string[]): number {
  const i = labels.includes(word) ? labels.indexOf(word) : /^\d+$/.test(word) ? Number(word) : -1;
  if (i >= 0 && i < labels.length) return i;
  const near = closest(word, labels);
  const shown = labels.slice(0, 12).join(", ") + (labels.length > 12 ? ", …" : "");
  throw new RunError(
    `Cannot use --labels ${word}: expected 0 … ${labels.length - 1} or one of ${shown}` +
      (near ? `. Did you mean "${near}"?` : ""),
  );
}
