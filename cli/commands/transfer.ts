/** `deno task transfer`: renders the content of one picture in the style of another. */
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { settleAll } from "../../core/settle_all.ts";
import { writeGrid } from "../../core/images/mod.ts";
import { KEPT_NAME } from "../../core/kept_name_pattern.ts";
import { TRUNCATION, weightsOf } from "../../core/run/draw/draw_options.ts";
import { drawnName } from "../../core/run/draw/drawn_name.ts";
import { cellScale } from "../../core/run/draw/cell_scale.ts";
import { drawnFolder, drawnPath } from "../../core/run/draw/drawn_path.ts";
import { expectGrid } from "../../core/run/draw/expect_writable.ts";
import { expectWritablePart } from "../../core/run/folder/expect_writable_part.ts";
import { nameOfFile } from "../../core/run/latent/kept_name.ts";
import { expectLatentSpace } from "../../core/run/latent/latent_space.ts";
import {
  DISTANCE_FEATURES,
  type DistanceFeatures,
} from "../../core/run/latent/picture_distance.ts";
import { readPicture } from "../../core/run/latent/picture_features.ts";
import { projectFile } from "../../core/run/latent/project_file.ts";
import { keptOf } from "../../core/run/latent/projection_file.ts";
import { LAYER_WORDS, layersNamed } from "../../core/run/latent/style_layers.ts";
import { crossed } from "../../core/run/latent/styled_image.ts";
import { drawStyled, type Source, stylesOf } from "../../core/run/latent/styled_images.ts";
import type { Notices } from "../../core/run/notices.ts";
import type { Run } from "../../core/run/run.ts";
import { shellWord } from "../../core/run/shell_word.ts";
import { UsageError } from "../errors.ts";
import { parsePositive } from "../flags/fields.ts";
import { openChosenRun } from "../flags/open_chosen_run.ts";
import { expectNoInput, expectPng } from "../flags/out_path.ts";
import { scaleOption, weightsOption } from "../flags/picture_options.ts";
import { addRun, type RunFlags } from "../flags/run_flags.ts";
import { parseSources } from "../flags/sources.ts";
import { printDrawn } from "../terminal/print_drawn.ts";
import { createStatus } from "../terminal/status.ts";

interface TransferFlags extends RunFlags {
  steps: number;
  features: DistanceFeatures;
  weights?: "ema" | "live";
  out?: string;
  scale?: number;
  json?: true;
}

export function register(program: Command): void {
  const command = program.command("transfer")
    .argument("<content>", "A picture, or @name or a seed", sourceOf)
    .argument("<style>", "A picture, or @name or a seed", sourceOf)
    .description("Combine the content of one picture with the style of another")
    .addOption(
      new Option("--steps <number>", "Steps in w to project a picture; half as many follow in w+")
        .argParser(parsePositive).default(300),
    )
    .addOption(
      new Option("--features <network>", "Network whose features are compared when projecting")
        .choices(DISTANCE_FEATURES).default("efficientnet"),
    )
    .addOption(weightsOption())
    .option("--out <file>", "PNG file (default: in the run's folder)")
    .addOption(scaleOption())
    .option("--json", "Print what was drawn as JSON to standard output")
    .addHelpText(
      "after",
      `
Both pictures are projected into the run, as by deno task project, and the styles of
their layers are then mixed. The result of an earlier projection into this checkpoint
is used again. First row: content, style, and the content with the coarse, middle and
fine layers of the style. Below: the style from each layer on, the last layer first.

Examples:
  deno task transfer cat.png painting.png --run 3
  deno task transfer @cat 17 --out cat.png`,
    );
  addRun(command);
  command.action(runTransfer);
}

async function runTransfer(content: Given, style: Given, flags: TransferFlags): Promise<void> {
  const given = [content, style];
  if (flags.out !== undefined) {
    await expectPng(flags.out);
    await expectNoInput(flags.out, given.flatMap((one) => fileOf(one) ?? []));
  }
  const status = createStatus(flags.json);
  using run = await openChosenRun(flags, status);
  const { layers } = expectLatentSpace(run, "transfer styles");
  const columns = 2 + LAYER_WORDS.length;
  expectGrid(run, columns + layers - 1, { columns, scale: flags.scale });
  const weights = weightsOf(run, flags.weights);
  if (flags.out === undefined) await expectWritablePart(drawnFolder(run));
  const sources = await projected(run, given, { ...flags, weights }, status);
  const [a, b] = await stylesOf(run, sources, { weights });
  // one for each of the two sources
  const from = (cut: number) => crossed(a!, b!, (layer) => layer >= cut);
  const first = LAYER_WORDS.map((word) => {
    const mine = layersNamed(word, layers);
    return crossed(a!, b!, (layer) => mine.includes(layer));
  });
  const cuts = Array.from({ length: layers - 1 }, (_, i) => layers - 1 - i);
  const images = await drawStyled(run, [a!, b!, ...first, ...cuts.map(from)], {
    weights,
    onProgress: (fraction) => status.progress("Drawing", fraction),
  });
  status.done();
  const names = sources.map((source) => String(source).replace("@", ""));
  const path = flags.out === undefined
    ? drawnPath(
      run,
      drawnName(`transfer-${names.join("-by-")}`, `-${weights}.png`, {
        names: names.some((name) => name.includes("-by-")) ? names : undefined,
        scale: flags.scale,
      }),
    )
    : resolve(flags.out);
  const scale = flags.scale ?? cellScale(run);
  await writeGrid(path, images, { columns, scale });
  printDrawn(run, {
    files: [path],
    json: flags.json,
    facts: {
      content: sources[0],
      style: sources[1],
      cuts,
      layers,
      truncation: TRUNCATION,
      weights,
    },
  });
}

const NOT_A_FILE = new RegExp(String.raw`^(?:@${KEPT_NAME}|\d+)$`, "u");

/** A seed, a name, or a file. */
type Given = Source | { file: string };

function sourceOf(text: string): Given {
  if (!NOT_A_FILE.test(text)) return { file: text };
  return parseSources(text)[0]!; // text that matches is a single seed or name
}

const fileOf = (given: Given): string | undefined =>
  typeof given === "object" ? given.file : undefined;

/**
 * Projects the given files, and returns their names. All names are checked before the first search.
 * @throws UsageError for two pictures of one name
 */
async function projected(
  run: Run,
  given: readonly Given[],
  { steps, features, weights }: TransferFlags,
  status: Notices,
): Promise<Source[]> {
  const sources = given.map((one): Source =>
    typeof one === "object" ? `@${nameOfFile(one.file)}` : one
  );
  const files = given.map(fileOf);
  const [file] = files.filter((file) => file !== undefined);
  if (file !== undefined && sources[0] === sources[1]) {
    throw new UsageError(
      `Cannot transfer between two pictures called ${nameOfFile(file)}: expected two names. ` +
        `Project one first: deno task project ${shellWord(file)} --name another`,
    );
  }
  const pictures = await settleAll(files.map(async (file) => {
    if (file === undefined) return undefined;
    const picture = await readPicture(file);
    return { file, picture, kept: await keptOf(run, nameOfFile(file), picture) };
  }));
  for (const [i, one] of pictures.entries()) {
    if (!one) continue;
    const { file, picture, kept } = one;
    if (kept?.imagesSeen === run.imagesSeen) {
      status.log(`${sources[i]} was projected from ${file} before, and is reused`);
      continue;
    }
    const onProgress = (what: string, fraction: number) =>
      status.progress(`${what} for ${file}`, fraction);
    const { name } = await projectFile(run, picture, { steps, features, weights, onProgress });
    sources[i] = `@${name}`;
  }
  return sources;
}
