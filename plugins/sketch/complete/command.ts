/** `deno task complete`: draws the missing part of a user's own sketch. */
import { basename, extname, join } from "node:path";
import {
  ConfigError,
  type ConfigOf,
  counted,
  defineCommand,
  field,
  object,
  type PluginCommandContext,
  writeGrid,
} from "../../../core/mod.ts";
import type { SketchModel } from "../model.ts";
import { nextTurn } from "../next_turn.ts";
import { claimFolder, replaceResults } from "./claim_folder.ts";
import { blankSketch, completeSketch, type Completion, MOST_STEPS } from "./complete_sketch.ts";
import { completionSvg } from "./completion_svg.ts";
import { drawnSide, sketchOf } from "./draw_next.ts";
import { type ReadSketch, readSketch } from "./read_sketch.ts";

/** Smallest side of the written pictures, px. */
const SHOWN_SIDE = 256;
/** Sketches per row of page.png. */
const PAGE_COLUMNS = 8;

const options = object({
  count: field.integer("Candidates to draw", 8, { minimum: 1, maximum: 1000 }),
  part: field.text("Class of the part; a,b,… names one per step", "", "names"),
  steps: field.integer(
    "Maximum parts to draw one after another, until the sketch is done; " +
      "0: those of --part, or else one, or all from nothing",
    0,
    { minimum: 0, maximum: 100 },
  ),
  fromNothing: field.boolean(
    "Draw whole sketches on blank paper, with a run that learned to begin there",
    false,
  ),
  page: field.boolean("Also write page.png: the finished sketches, eight in a row", false),
  seed: field.integer("Seed of latents and noise", 0, { minimum: 0, maximum: 2 ** 32 - 1 }),
  fit: field.boolean(
    "Scale the sketch to fill the square as drawings in training do; " +
      "for one that is small or off-centre, but has its outline",
    false,
  ),
  raw: field.boolean("Keep the faint ink that networks leave beside lines", false),
  overwrite: field.boolean("Replace all results of an earlier call in the folder", false),
  out: field.text(
    "Folder to write to; default: SKETCH-completed or, from nothing, sketches",
    "",
    "folder",
  ),
});

export const completeCommand = defineCommand({
  name: "complete",
  description: "Draw the missing part of a sketch of your own, or whole sketches from nothing",
  arguments: "[sketch]",
  options,
  run: complete,
});

async function complete(
  context: PluginCommandContext<ConfigOf<typeof options>, SketchModel>,
): Promise<void> {
  const { args, options: { count, part, seed, fromNothing, fit, raw, page, out } } = context;
  const path = args[0];
  if (fromNothing && path !== undefined) {
    throw new TypeError(
      `Cannot complete ${path} with --from-nothing: expected a sketch or blank paper, received both`,
    );
  }
  if (!fromNothing && (args.length !== 1 || path === undefined)) {
    throw new TypeError(
      `Cannot complete: expected one sketch, received ${args.length}. ` +
        "--from-nothing draws on blank paper",
    );
  }
  const parts = part.split(",").map((name) => name.trim()).filter(Boolean);
  const steps = context.options.steps || (fromNothing ? MOST_STEPS : Math.max(1, parts.length));
  if (steps < parts.length) {
    throw new ConfigError(
      `Cannot draw --part ${part} in --steps ${steps}: expected a step a part, ${parts.length}. ` +
        `Leave --steps out`,
    );
  }
  const folder = out || (path ? basename(path, extname(path)) + "-completed" : "sketches");
  await context.expectWritableFolder(folder);
  const earlier = await claimFolder(folder, path, context.options.overwrite);
  const run = await context.openRun();
  try {
    if (run.plugin !== "sketch") {
      throw new TypeError(
        `Cannot complete with ${run.id}: expected a run of plugin "sketch", received one of ` +
          `"${run.plugin}"`,
      );
    }
    const { resolution } = run.context.phase, { alpha } = run.context;
    const { model } = run;
    const sketch: ReadSketch = path === undefined
      ? blankSketch(model, resolution)
      : await readSketch(path, {
        resolution: drawnSide(model, resolution),
        fit,
        tell: (what) => context.print(`${path}: ${what}`),
      });
    const partial = sketchOf(model, sketch);
    const completions: Completion[] = [];
    for (let index = 0; index < count; index++) {
      await nextTurn(context.signal);
      const of = { resolution, alpha, steps, parts, seed, index, raw };
      completions.push(run.withAverage(() => completeSketch(model, partial, of)));
      context.progress((index + 1) / count, `${index + 1} of ${count}`);
    }
    const [part] = await replaceResults(
      folder,
      earlier,
      (fresh) => write(fresh, { sketch, completions, page }),
    );
    // count is at least 1
    const names = completions[0]!.steps.map((step) => step.name).filter(Boolean);
    context.print(
      `${counted(count, "candidate")}${
        names.length > 0 ? ` (the first: ${names.join(", ")})` : ""
      } in ${folder}: ` +
        `${page ? "page.png, " : ""}grid.png, ${part} …, merged_1.png …, merged_1.svg …`,
    );
  } finally {
    run.dispose();
  }
}

/**
 * Writes one row for each candidate (the partial sketch, its parts step by step, the merged sketch)
 * and an SVG of its strokes.
 * @returns names of the parts' files
 */
async function write(
  folder: string,
  drawn: { sketch: ReadSketch; completions: Completion[]; page: boolean },
): Promise<string[]> {
  const { sketch, completions, page } = drawn, { side } = completions[0]!; // count is at least 1
  const scale = Math.max(1, Math.round(SHOWN_SIDE / side));
  const save = (name: string, cells: Float32Array[], columns: number, enlarge: number) => {
    const data = new Float32Array(cells.length * side ** 2).fill(1);
    // dark on light
    cells.forEach((cell, i) => data.set(cell.map((value) => -value), i * side ** 2));
    const shape = [cells.length, side, side, 1];
    return writeGrid(join(folder, name), { data, shape }, {
      columns,
      scale: enlarge,
      gap: 1,
      background: 200,
    });
  };
  const most = Math.max(...completions.map(({ steps }) => steps.length));
  const blank = new Float32Array(side ** 2).fill(-1);
  const rows = completions.flatMap(({ steps, merged }) => [
    sketch.raster,
    ...Array.from({ length: most }, (_, i) => steps[i]?.part ?? blank),
    merged,
  ]);
  await save("grid.png", rows, most + 2, Math.max(1, Math.round(scale / 2)));
  if (page) await save("page.png", completions.map(({ merged }) => merged), PAGE_COLUMNS, 1);
  const names: string[] = [];
  for (const [i, { steps, merged }] of completions.entries()) {
    for (const [step, { part }] of steps.entries()) {
      const name = steps.length === 1 ? `part_${i + 1}.png` : `part_${i + 1}_step_${step + 1}.png`;
      await save(name, [part], 1, scale);
      names.push(name);
    }
    await save(`merged_${i + 1}.png`, [merged], 1, scale);
    const svg = completionSvg(sketch, steps, side);
    await Deno.writeTextFile(join(folder, `merged_${i + 1}.svg`), svg);
  }
  return names;
}
