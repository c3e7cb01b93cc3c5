/** `upscale IMAGE…`: enlarges a user's own pictures with a trained run. */
import { basename } from "node:path";
import {
  type ConfigOf,
  defineCommand,
  field,
  listPictures,
  object,
  type OpenedRun,
  type PluginCommandContext,
  writeWhole,
} from "../../../core/mod.ts";
import { claim } from "../claim.ts";
import { networkOf } from "./network_of.ts";
import type { ProganSrModel } from "../model.ts";
import { expectOut, expectPictures, failureOf, printSkipped } from "../given_pictures.ts";
import { freePaths } from "../result_path.ts";
import type { Frame } from "./picture.ts";
import { readPicture } from "./read_picture.ts";
import { selfEnsemble } from "./self_ensemble.ts";
import { automaticSide } from "./tiles.ts";
import { type Enlarger, repeatsOf, upscale } from "./upscale.ts";
import { encodePicture, expectWritable, EXTENSIONS } from "./write_picture.ts";

const options = object({
  scale: field.integer("Enlargement: 2, 4 or 8, by repeating the network; 0: the run's", 0, {
    minimum: 0,
  }),
  out: field.text("Where the results go", "upscaled", "folder"),
  tile: field.integer(
    "Longest side of an input tile, px; 0: the whole image, -1: as memory allows",
    -1,
    { minimum: -1 },
  ),
  ensemble: field.boolean(
    "Average the eight rotated and mirrored versions: a little better, 8 times the work",
    false,
  ),
  overwrite: field.boolean("Replace existing results", false),
});

export const upscaleCommand = defineCommand({
  name: "upscale",
  description: "Enlarge pictures with a progan-sr run",
  arguments: "<paths...>",
  options,
  run: runUpscale,
});

/** The averaged generator of an opened run. @throws TypeError where the run is of another plugin */
export function enlargerOf(run: OpenedRun<ProganSrModel>): Enlarger {
  if (run.plugin !== "progan-sr") {
    throw new TypeError(
      `Cannot enlarge with ${run.id}: expected a run of plugin progan-sr, received one of ` +
        `${run.plugin}. ` +
        `Choose another with --run`,
    );
  }
  const network = networkOf(run);
  return { ...network, enlarge: (low) => run.withAverage(() => network.enlarge(low)) };
}

async function runUpscale(
  context: PluginCommandContext<ConfigOf<typeof options>, ProganSrModel>,
): Promise<void> {
  const { args, options: { tile, out, overwrite, ensemble }, signal, print } = context;
  await expectOut(out, context);
  const run = await context.openRun();
  try {
    const network = ensemble ? selfEnsemble(enlargerOf(run)) : enlargerOf(run);
    const scale = context.options.scale || network.scale;
    repeatsOf(scale, network.scale);
    const side = tile < 0
      ? automaticSide(Number(run.context.config.channels), network.scale)
      : tile;
    const { pictures, skipped } = await listPictures(args, out);
    expectPictures(args, pictures);
    printSkipped(skipped, print);
    const failures: string[] = [];
    const taken = new Set<string>();
    for (const [i, listed] of pictures.entries()) {
      const { path } = listed;
      signal.throwIfAborted();
      try {
        const started = performance.now();
        const picture = await readPicture(path);
        expectWritable(picture, scale);
        const ending = `-${scale}x${EXTENSIONS[picture.format]}`;
        // one for each ending
        const target = freePaths(out, listed, { endings: [ending], taken })[0]!;
        await claim(target, { taken, overwrite, context });
        const { frames } = picture, results: Frame[] = [];
        for (const [k, frame] of frames.entries()) {
          const done = (f: number) => (i + (k + f) / frames.length) / pictures.length;
          results.push(
            await upscale(frame, network, {
              scale,
              side,
              signal,
              onProgress: (f) => context.progress(done(f), basename(path)),
            }),
          );
        }
        await writeWhole(target, await encodePicture(picture, results));
        const seconds = ((performance.now() - started) / 1000).toFixed(1);
        const [from, to] = [frames[0]!.color, results[0]!.color]; // there is at least one frame
        const count = frames.length > 1 ? `, ${frames.length} frames` : "";
        print(
          `${path} ${from.width}×${from.height} → ${target} ${to.width}×${to.height}${count}, ` +
            `${seconds} s`,
        );
        for (const note of picture.notes) print(`  ${path}: ${note}`);
        for (const loss of picture.losses) print(`  ${path}: lost: ${loss}`);
      } catch (error) {
        signal.throwIfAborted();
        failures.push(failureOf(path, error));
      }
    }
    if (failures.length > 0) {
      throw new Error(
        `Cannot enlarge ${failures.length} of ${pictures.length} pictures:\n  ${
          failures.join("\n  ")
        }`,
      );
    }
  } finally {
    run.dispose();
  }
}
