/** `stylize CONTENT STYLE`: a user's own picture in the style of another. */
import { basename, extname } from "node:path";
import {
  ConfigError,
  type ConfigOf,
  defineCommand,
  field,
  type HostImages,
  messageOf,
  object,
  openPicture,
  type PluginCommandContext,
  readPictureFile,
  tf,
  writeGrid,
} from "../../core/mod.ts";
import type { StyleTransferModel } from "./model.ts";

const options = object({
  strength: field.number(
    "Strength of the style: 0 redraws the content, 1 applies the whole style",
    1,
    {
      minimum: 0,
      maximum: 1,
    },
  ),
  side: field.integer("Longer side of the result, px; larger pictures are reduced", 512, {
    minimum: 16,
    maximum: 4096,
  }),
  out: field.text("PNG file of the result (default: CONTENT-by-STYLE.png)", "", "file"),
  overwrite: field.boolean("Replace an existing result", false),
  beside: field.boolean("Also show content and style in the result, at the same size", false),
});

export const stylizeCommand = defineCommand({
  name: "stylize",
  description: "Draw a picture in the style of another",
  arguments: "<content> <style>",
  options,
  run: runStylize,
});

async function runStylize(
  context: PluginCommandContext<ConfigOf<typeof options>, StyleTransferModel>,
): Promise<void> {
  const { args, options: { strength, side, beside, overwrite }, print } = context;
  const [content, style] = args as [string, string]; // the command takes two
  const stem = (path: string) => basename(path, extname(path));
  const out = context.options.out || `${stem(content)}-by-${stem(style)}.png`;
  if (!/\.png$/i.test(out)) {
    throw new ConfigError(`Cannot write ${out}: expected a name that ends in .png`);
  }
  for (const input of [content, style]) {
    if (!await isSameFile(out, input)) continue;
    throw new ConfigError(
      `Cannot write ${out}: expected another file than the pictures, received ${input}. Use ` +
        `another --out`,
    );
  }
  await context.expectWritableFile(out, { overwrite });
  const run = await context.openRun();
  try {
    const { model } = run;
    if (!model.stylize) {
      throw new TypeError(
        `Cannot stylize with ${run.id}: expected a run of plugin style-transfer, received one of ` +
          `${run.plugin}. Choose another with --run`,
      );
    }
    const channels = run.context.dataset.channels === 1 ? 1 : 3;
    const how = { side, step: model.step, channels, print } as const;
    const from = await readMultiple(content, how), like = await readMultiple(style, how);
    const drawn = tf.tidy(() => {
      const [a, b] = [from, like].map(tensorOf);
      const draw = () => model.stylize(a!, b!, strength); // both are set
      const image = run.withAverage(draw);
      if (!beside) return image;
      const size: [number, number] = [image.shape[1], image.shape[2]];
      return tf.concat([a!, tf.image.resizeBilinear(b!, size), image], 0);
    });
    try {
      const data = await drawn.data<"float32">();
      await writeGrid(out, { data, shape: drawn.shape }, { columns: drawn.shape[0] });
      print(`${out}: ${content} in the style of ${style}, exchanged at ${model.place}`);
    } finally {
      drawn.dispose();
    }
  } finally {
    run.dispose();
  }
}

/** Whether two paths lead to the same file; false where one does not exist. */
async function isSameFile(a: string, b: string): Promise<boolean> {
  const [one, two] = await Promise.all(
    [a, b].map((path) => Deno.realPath(path).catch(() => undefined)),
  );
  return one !== undefined && one === two;
}

const tensorOf = ({ data, shape }: HostImages) =>
  tf.tensor4d(data, shape as [number, number, number, number]); // NHWC

/**
 * Reads a picture on white, with sides that are divisible by `step` and at most `side` long. Prints
 * what was skipped in reading it.
 */
async function readMultiple(
  path: string,
  { side, step, channels, print }: {
    side: number;
    step: number;
    channels: 1 | 3;
    print(line: string): void;
  },
): Promise<HostImages> {
  try {
    const picture = await openPicture(await readPictureFile(path));
    for (const note of picture.notesOfFirst) print(`${path}: ${note}`);
    const scale = Math.min(1, side / Math.max(picture.width, picture.height));
    const fit = (length: number) => Math.max(step, Math.floor(length * scale / step) * step);
    const [width, height] = [fit(picture.width), fit(picture.height)];
    const { data } = await picture.decode((image) =>
      image.flatten({ background: "white" })
        .resize(width, height, { fit: "cover", kernel: "lanczos3" })
        .toColourspace(channels === 1 ? "b-w" : "srgb").raw({ depth: "uchar" })
    );
    return {
      data: Float32Array.from(data, (byte) => byte / 127.5 - 1),
      shape: [1, height, width, channels],
    };
  } catch (cause) {
    throw new ConfigError(`Cannot read ${path}: expected a picture, received ${messageOf(cause)}`, {
      cause,
    });
  }
}
