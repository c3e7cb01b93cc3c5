/** `upscale IMAGE…`: enlarges a person's own pictures with a trained run. */
import { basename, extname, join } from "node:path";
import {
  type ConfigOf,
  defineCommand,
  field,
  messageOf,
  object,
  type OpenedRun,
  type PluginCommandContext,
  writeWhole,
} from "../../../core/mod.ts";
import { claim } from "../claim.ts";
import type { ProganSrModel } from "../model.ts";
import { makeOut, notAPicture, readGiven } from "../tiles_command.ts";
import { encodePicture, EXTENSIONS, readPicture } from "./picture_file.ts";
import { automaticSide } from "./tiles.ts";
import { type Enlarger, repeatsOf, upscale } from "./upscale.ts";

const options = object({
  scale: field.integer("2, 4 or 8, by repeating the network; 0: the run's", 0, { minimum: 0 }),
  out: field.text("Where the results go", "upscaled", "folder"),
  tile: field.integer(
    "Longest side of a tile of the input, px; 0 takes the image whole, -1 as the memory allows",
    -1,
    { minimum: -1 },
  ),
  overwrite: field.boolean("Replace results that exist", false),
});

export const upscaleCommand = defineCommand({
  name: "upscale",
  description: "Enlarge pictures with a run of progan-sr",
  arguments: "<images...>",
  options,
  run: runUpscale,
});

/** The averaged generator of an opened run. @throws TypeError where the run is of another plugin */
export function enlargerOf(run: OpenedRun<ProganSrModel>): Enlarger {
  if (run.plugin !== "progan-sr") {
    throw new TypeError(
      `Cannot enlarge with ${run.id}: expected a run of plugin progan-sr, received one of ${run.plugin}. ` +
        `Choose another with --run`,
    );
  }
  const { model, context: { alpha } } = run;
  return {
    scale: model.scale,
    channels: model.channels,
    reach: model.reach(),
    enlarge: (low) => run.withAverage(() => model.enlarge(low, alpha)),
  };
}

async function runUpscale(
  context: PluginCommandContext<ConfigOf<typeof options>, ProganSrModel>,
): Promise<void> {
  const { args, options: { tile, out: folder, overwrite }, signal, print } = context;
  const run = await context.openRun();
  try {
    const network = enlargerOf(run);
    const scale = context.options.scale || network.scale;
    repeatsOf(scale, network.scale);
    const side = tile < 0
      ? automaticSide(Number(run.context.config.channels), network.scale)
      : tile;
    await makeOut(folder);
    const failures: string[] = [];
    const taken = new Set<string>();
    for (const [i, path] of args.entries()) {
      signal.throwIfAborted();
      try {
        const started = performance.now();
        const picture = await readPicture(path).catch(async (cause) => {
          await readGiven(path); // says more of what is no file
          throw notAPicture(path, cause);
        });
        const name = basename(path, extname(path)) + `-${scale}x` + EXTENSIONS[picture.format];
        const target = join(folder, name);
        await claim(target, taken, overwrite);
        const result = await upscale(picture, network, {
          scale,
          side,
          signal,
          onProgress: (f) => context.progress((i + f) / args.length, basename(path)),
        });
        await writeWhole(target, await encodePicture(picture, result.color, result.opacity));
        const { width, height } = picture.color, { color } = result;
        const seconds = ((performance.now() - started) / 1000).toFixed(1);
        print(
          `${path} ${width}×${height} → ${target} ${color.width}×${color.height}, ${seconds} s`,
        );
      } catch (error) {
        signal.throwIfAborted();
        const message = messageOf(error);
        failures.push(message.includes(path) ? message : `${path}: ${message}`);
      }
    }
    if (failures.length > 0) {
      throw new Error(
        `Cannot enlarge ${failures.length} of ${args.length} pictures:\n  ${failures.join("\n  ")}`,
      );
    }
  } finally {
    run.dispose();
  }
}
