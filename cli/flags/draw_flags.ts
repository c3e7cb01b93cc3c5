/** Flags shared by all commands that draw from latents. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { readNumber } from "../../core/config/read_number.ts";
import { collect, parsePositive } from "./fields.ts";
import { weightsOption } from "./picture_options.ts";

/** The flags that {@linkcode addDrawing} adds. */
export interface DrawFlags {
  trunc: number;
  truncCutoff?: number;
  labels?: string[];
  weights?: "ema" | "live";
  json?: true;
}

/** Adds `--trunc`, `--trunc-cutoff`, `--labels`, `--weights` and `--json`. */
export function addDrawing(command: Command): Command {
  return command.optionsGroup("Drawing:")
    .addOption(
      new Option("--trunc <psi>", "Truncation ψ: 1 for no truncation, 0 for the mean image")
        .argParser(parseTruncation)
        .default(0.7),
    )
    .addOption(
      new Option(
        "--trunc-cutoff <layer>",
        "First style layer that is not truncated; a resolution has two: 8 truncates 4 to 32 px " +
          "(default: all are truncated)",
      ).argParser(parsePositive),
    )
    .addOption(
      new Option(
        "--labels <a,b>",
        "Classes by name or number, used for the seeds in turn (default: chosen by seed)",
      ).argParser(collect),
    )
    .addOption(weightsOption())
    .option("--json", "Print what was drawn as JSON to standard output");
}

/** Formats truncation for a file name: "psi0.7", "psi0.7to8". */
export function namedTruncation({ trunc, truncCutoff }: DrawFlags): string {
  return `psi${trunc}` + (truncCutoff === undefined ? "" : `to${truncCutoff}`);
}

/** @throws InvalidArgumentError outside -2 … 2 */
export function parseTruncation(text: string): number {
  const psi = readNumber(text);
  if (psi >= -2 && psi <= 2) return psi;
  throw new InvalidArgumentError("Expected a truncation ψ from -2 to 2, typically 0.5 to 1.");
}
