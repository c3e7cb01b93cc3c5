/** Flags of every command that draws from latents. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { Random, seedFor } from "../../core/random.ts";
import { closest } from "../../core/text.ts";
import { UsageError } from "../errors.ts";
import { collect } from "./fields.ts";
import type { OpenRun } from "../../core/run/open_run.ts";

/** What {@linkcode addDrawing} adds. */
export interface DrawFlags {
  trunc: number;
  labels?: string[];
  weights?: "ema" | "live";
  json?: true;
}

/** Adds `--trunc`, `--labels`, `--weights` and `--json`. */
export function addDrawing(command: Command): Command {
  return command.optionsGroup("Drawing:")
    .addOption(
      new Option("--trunc <psi>", "Truncation ψ: 1 draws from all, 0 the mean image").argParser(
        parseTruncation,
      )
        .default(0.7),
    )
    .addOption(
      new Option(
        "--labels <a,b>",
        "Classes by name or number, repeated over the seeds (default: by seed)",
      )
        .argParser(collect),
    )
    .addOption(
      new Option(
        "--weights <which>",
        "The averaged generator, or the one that trains (default: ema)",
      )
        .choices(["ema", "live"]),
    )
    .option("--json", "Print what was drawn as JSON on standard output");
}

/** @throws InvalidArgumentError outside -2 … 2 */
export function parseTruncation(text: string): number {
  const psi = text.trim() === "" ? NaN : Number(text);
  if (psi >= -2 && psi <= 2) return psi;
  throw new InvalidArgumentError("Expected a truncation ψ of -2 … 2, mostly 0.5 … 1.");
}

/** @throws UsageError where the average was asked for and the run keeps none */
export function weightsOf(run: OpenRun, flags: DrawFlags): "ema" | "live" {
  if (run.training.average) return flags.weights ?? "ema";
  if (flags.weights !== "ema") return "live";
  throw new UsageError(
    `Cannot draw with --weights ema: expected a run that keeps an average, but ${run.id} has --ema-images 0. ` +
      `Use --weights live`,
  );
}

/**
 * The class of each seed: those of `--labels` in turn, else one drawn by the seed itself.
 * @returns undefined where the run is not conditional
 * @throws UsageError for a class that the run doesn't have
 */
export function labelsOf(
  run: OpenRun,
  flags: DrawFlags,
  seeds: readonly number[],
): number[] | undefined {
  const { labels } = run.dataset, wanted = flags.labels;
  if (labels.length === 0) {
    if (!wanted) return undefined;
    throw new UsageError(
      `Cannot use --labels with ${run.id}: expected a run trained with --labels`,
    );
  }
  if (!wanted) {
    return seeds.map((seed) => new Random(seedFor(seed, "sample/label")).integer(labels.length));
  }
  const numbers = wanted.map((word) => {
    const i = labels.includes(word) ? labels.indexOf(word) : /^\d+$/.test(word) ? Number(word) : -1;
    if (i >= 0 && i < labels.length) return i;
    const near = closest(word, labels);
    const shown = labels.slice(0, 12).join(", ") + (labels.length > 12 ? ", …" : "");
    throw new UsageError(
      `Cannot use --labels ${word}: expected 0 … ${labels.length - 1} or one of ${shown}` +
        (near ? `. Did you mean "${near}"?` : ""),
    );
  });
  return seeds.map((_, i) => numbers[i % numbers.length]!); // one label at least
}
