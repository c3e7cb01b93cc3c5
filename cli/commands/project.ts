/** `deno task project`: finds the w of a user's own picture. */
import { relative, resolve } from "node:path";
import { type Command, Option } from "commander";
import { weightsOf } from "../../core/run/draw/draw_options.ts";
import { expectName, nameOfFile } from "../../core/run/latent/kept_name.ts";
import {
  DISTANCE_FEATURES,
  type DistanceFeatures,
} from "../../core/run/latent/picture_distance.ts";
import { TUNE_STEPS } from "../../core/run/latent/tune_generator.ts";
import { parsePositive } from "../flags/fields.ts";
import { openChosenRun } from "../flags/open_chosen_run.ts";
import { scaleOption, weightsOption } from "../flags/picture_options.ts";
import { addRun, type RunFlags } from "../flags/run_flags.ts";
import { print } from "../terminal/print.ts";
import { printDrawn } from "../terminal/print_drawn.ts";
import { createStatus } from "../terminal/status.ts";

interface ProjectFlags extends RunFlags {
  name?: string;
  space?: "w" | "w+";
  steps: number;
  tune?: number | true;
  features: DistanceFeatures;
  noise: boolean;
  weights?: "ema" | "live";
  scale?: number;
  json?: true;
}

export function register(program: Command): void {
  const command = program.command("project").argument("<picture>", "File of the picture")
    .description("Find the styles that draw a picture of your own")
    .option("--name <name>", "Name to store it under (default: the name of the file)")
    .addOption(
      new Option(
        "--space <space>",
        "w: one w for all layers; w+: then one w per layer (default: w+; w with --tune)",
      ).choices(["w", "w+"]),
    )
    .addOption(
      new Option("--steps <number>", "Steps in w; half as many follow in w+").argParser(
        parsePositive,
      ).default(300),
    )
    .addOption(
      new Option(
        "--tune [steps]",
        `Then tune the generator's weights to the picture (default: ${TUNE_STEPS} steps)`,
      ).argParser(parsePositive),
    )
    .addOption(
      new Option(
        "--features <network>",
        "Network whose features are compared; pixels count as well",
      ).choices(DISTANCE_FEATURES).default("efficientnet"),
    )
    .option("--no-noise", "Do not optimize the noise maps")
    .addOption(weightsOption())
    .addOption(scaleOption("so that a cell has 128 px"))
    .option("--json", "Print what was found as JSON to standard output")
    .addHelpText(
      "after",
      `
The result is stored in projected/ in the run's folder. @NAME can then be used like
a seed of this checkpoint, in sample, mix, walk, directions and transfer. The folder
also gets the picture, its image in w and in w+ or tuned, and an animation of the
search. Tuned weights are used for @NAME only; those of the run do not change.

Examples:
  deno task project ~/cat.png --run 3
  deno task project ~/cat.png --tune
  deno task sample --seeds @cat --direction 2:+3 --grid cat.png
  deno task mix --rows @cat,1 --cols 2-5`,
    );
  addRun(command);
  command.action(runProject);
}

async function runProject(file: string, flags: ProjectFlags): Promise<void> {
  const { space, steps, features, noise, scale } = flags;
  const wanted = flags.name ?? nameOfFile(file);
  const tune = flags.tune === true ? TUNE_STEPS : flags.tune;
  expectName(wanted, "a projected picture");
  const status = createStatus(flags.json);
  using run = await openChosenRun(flags, status);
  const weights = weightsOf(run, flags.weights);
  const { files, name, ...nearness } = await run.project(file, {
    name: wanted,
    space,
    steps,
    tune,
    features,
    noise,
    weights,
    scale,
    onProgress: (what, fraction) => status.progress(what, fraction),
  });
  status.done();
  printDrawn(run, {
    files,
    json: flags.json,
    facts: { name, picture: relative(Deno.cwd(), resolve(file)), weights, features, ...nearness },
  });
  if (flags.json) return;
  for (const [where, { psnr, distance }] of Object.entries(nearness)) {
    const at = where === "start" ? "the mean w" : where;
    const seen = features === "none" ? "" : `, feature distance ${distance.toFixed(3)}`;
    print(`${at}: PSNR ${psnr.toFixed(1)} dB${seen}`);
  }
  if (nearness.tuned) {
    const { others } = nearness.tuned;
    print(`Other images stay: PSNR ${others.toFixed(1)} dB between theirs tuned and not`);
  }
  print(`Use it as a seed: deno task sample --seeds @${name} --direction 1:+2`);
}
