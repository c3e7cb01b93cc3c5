/** `compare`: a run's figures beside nearest, bicubic and Lanczos, and a picture of them. */
import { ConfigError, type PluginCommand, wholeNumber, writeGrid } from "../../core/mod.ts";
import { comparisonCells, measureRun } from "./measure.ts";

export const compareCommand: PluginCommand = {
  name: "compare",
  description:
    "PSNR and SSIM of a run of progan-sr on held-out images, beside classic enlargements",
  arguments: "",
  options: [
    {
      flags: "--run <run>",
      description: "Number, name or folder of the run (default: the newest)",
    },
    { flags: "--count <images>", description: "Held-out images to take at most", initial: "1000" },
    {
      flags: "--resolution <pixels>",
      description: "Side of the large images (default: the run's)",
    },
    {
      flags: "--data <source>",
      description: "Other data, never trained on: a folder, .zip or npm:PACKAGE of images",
    },
    {
      flags: "--vgg-weights <file>",
      description:
        "VGG-19's weights, for the distance of relu1_2 (default: the run's, else the cache)",
    },
    { flags: "--picture <file>", description: "Also write low, bicubic, ours and real as PNG" },
    { flags: "--rows <images>", description: "Images in the picture", initial: "8" },
    { flags: "--from <number>", description: "First held-out image in the picture", initial: "0" },
  ],
  async run(context) {
    const { options, print, progress, signal } = context;
    const positive = (name: string) => wholeNumber(options, name, { minimum: 1 });
    const resolution = positive("resolution"), count = positive("count") ?? 1000;
    const rows = positive("rows") ?? 8, from = wholeNumber(options, "from") ?? 0;
    if (options.picture !== undefined) await expectPng(String(options.picture));
    const asked = resolution === undefined ? {} : { resolution };
    const run = await context.openRun(typeof options.run === "string" ? options.run : undefined);
    try {
      const dataset = await context.openDataset(
        run,
        typeof options.data === "string" ? options.data : undefined,
        asked,
      );
      try {
        const tables = await measureRun(run, dataset, {
          count,
          ...asked,
          ...(typeof options.vggWeights === "string" ? { vggWeights: options.vggWeights } : {}),
          progress,
          warn: (message) => print(`warning: ${message}`),
          signal,
        });
        for (const { title, columns, rows } of tables) {
          print(title);
          for (const row of [columns, ...rows]) print(row.map(cell).join("  "));
        }
        if (typeof options.picture !== "string") return;
        const cells = await comparisonCells(run, dataset, {
          count: rows,
          from,
          ...asked,
        });
        await writeGrid(options.picture, cells, {
          columns: 8,
          scale: cells.shape[1]! < 64 ? 3 : 2,
          gap: 2,
        });
        print(`${options.picture}: low, bicubic, ours, real`);
      } finally {
        dataset.close();
      }
    } finally {
      run.dispose();
    }
  },
};

/** @throws ConfigError where a picture of the comparison can't be written there */
async function expectPng(path: string): Promise<void> {
  const isFolder = await Deno.stat(path).then((stat) => stat.isDirectory, () => false);
  if (/\.png$/i.test(path) && !isFolder) return;
  throw new ConfigError(
    `Cannot use --picture ${path}: expected a file whose name ends in .png` +
      (isFolder ? ", received a folder" : ""),
  );
}

function cell(value: string | number | null): string {
  if (value === null) return "–".padStart(9);
  return typeof value === "number" ? value.toFixed(4).padStart(9) : value.padStart(9);
}
