/** Options that several commands which draw pictures have in common. */
import { Option } from "commander";
import { parsePositive } from "./fields.ts";

/** `--weights`: which weights of the generator to use. */
export function weightsOption(): Option {
  return new Option(
    "--weights <which>",
    "The averaged generator or the one being trained (default: ema)",
  ).choices(["ema", "live"]);
}

/**
 * `--scale`: the factor by which a grid's pixels are enlarged.
 * @param usual the default, in words
 */
export function scaleOption(usual = "so that a cell has 64 px"): Option {
  return new Option("--scale <number>", `Factor to enlarge pixels by (default: ${usual})`)
    .argParser(parsePositive);
}
