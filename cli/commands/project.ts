/** `deno task project`: the w of a user's own picture. */
import { relative, resolve } from "node:path";
import { type Command, Option } from "commander";
import { renderGrid, writeAnimation, writeGrid } from "../../core/images/mod.ts";
import { weightsOf } from "../../core/run/draw/draw_options.ts";
import { beside } from "../../core/run/latent/beside.ts";
import { expectName, nameOfFile } from "../../core/run/latent/kept_name.ts";
import { expectLatentSpace } from "../../core/run/latent/latent_space.ts";
import {
  DISTANCE_FEATURES,
  type DistanceFeatures,
  loadDistance,
} from "../../core/run/latent/picture_distance.ts";
import { readSquare } from "../../core/run/latent/picture_features.ts";
import { type Nearness, projectPicture } from "../../core/run/latent/project_picture.ts";
import { keepProjection, projectionPath } from "../../core/run/latent/projection_file.ts";
import { parsePositive } from "../flags/fields.ts";
import { openChosenRun } from "../flags/open_chosen_run.ts";
import { addRun, type RunFlags } from "../flags/run_flags.ts";
import { print } from "../terminal/print.ts";
import { printDrawn } from "../terminal/print_drawn.ts";
import { createStatus } from "../terminal/status.ts";

interface ProjectFlags extends RunFlags {
  name?: string;
  space: "w" | "w+";
  steps: number;
  features: DistanceFeatures;
  noise: boolean;
  weights?: "ema" | "live";
  scale?: number;
  json?: true;
}

export function register(program: Command): void {
  const command = program.command("project").argument("<picture>", "The picture's file")
    .description("Find the styles that draw a picture of your own")
    .option("--name <name>", "Its name from now on (default: the file's)")
    .addOption(
      new Option("--space <space>", "One w for all layers, or then a w a layer")
        .choices(["w", "w+"]).default("w+"),
    )
    .addOption(
      new Option("--steps <number>", "Steps in w; half as many follow in w+").argParser(
        parsePositive,
      ).default(300),
    )
    .addOption(
      new Option("--features <network>", "What looks alike; pixels count besides").choices(
        DISTANCE_FEATURES,
      ).default("efficientnet"),
    )
    .option("--no-noise", "Leave the noise maps as they are drawn")
    .addOption(
      new Option(
        "--weights <which>",
        "The averaged generator, or the one that trains (default: ema)",
      )
        .choices(["ema", "live"]),
    )
    .addOption(
      new Option("--scale <number>", "Enlarge pixels (default: so that a cell has 128)").argParser(
        parsePositive,
      ),
    )
    .option("--json", "Print what was found as JSON on standard output")
    .addHelpText(
      "after",
      `
The run's folder keeps it in projected/: @NAME is then as good as a seed of this
checkpoint, in sample, mix, walk, directions and transfer. Beside it: the picture,
its image in w and in w+, and an animation of the search.

Examples:
  deno task project ~/cat.png --run 3
  deno task sample --seeds @cat --direction 2:+3 --grid cat.png
  deno task mix --rows @cat,1 --cols 2-5`,
    );
  addRun(command);
  command.action(runProject);
}

async function runProject(file: string, flags: ProjectFlags): Promise<void> {
  const { space, steps, features, noise, scale } = flags;
  const name = flags.name ?? nameOfFile(file);
  expectName(name, "a projected picture");
  const status = createStatus(flags.json);
  using run = await openChosenRun(flags, status);
  expectLatentSpace(run, "project pictures");
  const weights = weightsOf(run, flags.weights);
  const picture = await readSquare(run, resolve(file));
  const distance = await loadDistance(features, status);
  try {
    const found = await projectPicture(run, picture, {
      distance,
      steps,
      space,
      noise,
      weights,
      onProgress: (fraction) => status.progress("Searching", fraction),
    });
    const best = found.wPlus ?? found.w, path = projectionPath(run, name);
    status.progress("Writing the pictures …");
    const kept = await keepProjection(run, name, best);
    const cells = beside([picture, found.w.image, ...found.wPlus ? [found.wPlus.image] : []]);
    const enlarged = scale ?? Math.max(1, Math.floor(128 / run.resolution));
    // [N, R, R, C]
    await writeGrid(`${path}.png`, cells, { columns: cells.shape[0]!, scale: enlarged });
    const frames = found.frames.map((frame) =>
      renderGrid(beside([picture, frame]), { columns: 2, scale: enlarged })
    );
    const last = frames.length - 1; // stays a while
    await writeAnimation(`${path}.webp`, frames, {
      delay: frames.map((_, i) => i === last ? 2000 : 80),
    });
    status.done();
    const near = ({ psnr, distance }: Nearness) => ({ psnr, distance });
    const nearness = {
      start: near(found.start),
      w: near(found.w),
      ...(found.wPlus ? { "w+": near(found.wPlus) } : {}),
    };
    printDrawn(run, {
      files: [kept, `${path}.png`, `${path}.webp`],
      json: flags.json,
      facts: { name, picture: relative(Deno.cwd(), resolve(file)), weights, features, ...nearness },
    });
    if (flags.json) return;
    for (const [where, { psnr, distance }] of Object.entries(nearness)) {
      const at = where === "start" ? "the mean w" : where;
      const seen = features === "none" ? "" : `, feature distance ${distance.toFixed(3)}`;
      print(`${at}: PSNR ${psnr.toFixed(1)} dB${seen}`);
    }
    print(`Use it as a seed: deno task sample --seeds @${name} --direction 1:+2`);
  } finally {
    distance.dispose();
  }
}
