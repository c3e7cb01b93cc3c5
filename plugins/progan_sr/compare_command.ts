/**
 * `compare`: a run's metrics beside those of nearest, bicubic and Lanczos, with an optional
 * picture.
 */
import { isAbsolute, relative, resolve, sep } from "node:path";
import {
  ConfigError,
  type ConfigOf,
  type DatasetInfo,
  defineCommand,
  field,
  type MeasuredTable,
  object,
  type PluginCommandContext,
  writeGrid,
} from "../../core/mod.ts";
import { askedDegradation } from "./degrade/asked_degradation.ts";
import { comparisonCells, measureRun } from "./measure.ts";
import type { ProganSrModel } from "./model.ts";

const options = object({
  count: field.integer("Maximum number of held-out images", 1000, { minimum: 1 }),
  resolution: field.integer("Side of the large images, px; 0: the run's", 0, { minimum: 0 }),
  data: field.text(
    "Other data, never trained on: a folder, .zip or npm:PACKAGE of images",
    "",
    "source",
  ),
  vggWeights: field.text(
    "VGG-19's weights, for the distance of relu1_2; default: the run's, else the cache",
    "",
    "file",
  ),
  degrade: field.text(
    "Degradation of the inputs: clean, web, camera, or jpeg:QUALITY, such as jpeg:50",
    "clean",
    "name",
  ),
  seed: field.integer("Seed of the random draws of --degrade", 0, {
    minimum: 0,
    maximum: 2 ** 32 - 1,
  }),
  ensemble: field.boolean(
    "Also measure the mean of the eight rotated and mirrored versions; 8 times the work",
    false,
  ),
  picture: field.text("Also write low, bicubic, ours and real as PNG", "", "file"),
  rows: field.integer("Images in the picture", 8, { minimum: 1 }),
  from: field.integer("First held-out image in the picture", 0, { minimum: 0 }),
});

export const compareCommand = defineCommand({
  name: "compare",
  description: "PSNR and SSIM of a progan-sr run on held-out images, beside classic enlargements",
  arguments: "",
  options,
  async run(context: PluginCommandContext<ConfigOf<typeof options>, ProganSrModel>) {
    const { print, progress, signal } = context;
    const { count, resolution, data, vggWeights, picture, rows, from } = context.options;
    const { degrade, seed, ensemble } = context.options;
    askedDegradation(degrade, (high) => high); // rejects invalid values before a run is opened
    if (picture !== "") await expectPng(picture, context);
    const how = { degrade, seed, ensemble };
    const asked = resolution === 0 ? {} : { resolution };
    const run = await context.openRun();
    try {
      const dataset = await context.openDataset(run, data || undefined, asked);
      try {
        if (picture !== "") await expectDrawable(dataset.info, { picture, from });
        const tables = await measureRun(run, dataset, {
          count,
          ...asked,
          ...how,
          ...(vggWeights === "" ? {} : { vggWeights }),
          progress,
          warn: (message) => print(`warning: ${message}`),
          signal,
        });
        for (const line of tables.flatMap(linesOf)) print(line);
        if (picture === "") return;
        const cells = await comparisonCells(run, dataset, {
          count: rows,
          from,
          ...asked,
          ...how,
        });
        await writeGrid(picture, cells, {
          columns: 8,
          scale: cells.shape[1]! < 64 ? 3 : 2,
          gap: 2,
        });
        print(`${picture}: low, bicubic, ours, real`);
      } finally {
        dataset.close();
      }
    } finally {
      run.dispose();
    }
  },
});

/** @throws ConfigError where no picture can be written to this path */
async function expectPng(
  path: string,
  { expectWritableFile }: Pick<PluginCommandContext, "expectWritableFile">,
): Promise<void> {
  if (/\.png$/i.test(path)) return await expectWritableFile(path);
  throw new ConfigError(
    `Cannot use --picture ${path}: expected a file whose name ends in .png`,
  );
}

/**
 * @throws ConfigError where the picture would become part of the data, or `from` is out of range
 */
async function expectDrawable(
  { source, heldOutCount, maxResolution }: DatasetInfo,
  { picture, from }: { picture: string; from: number },
): Promise<void> {
  const path = relative(resolve(source), resolve(picture));
  const isOutside = path.startsWith(`..${sep}`) || isAbsolute(path); // on Windows: on another drive
  if (!isOutside && await Deno.stat(source).then((stat) => stat.isDirectory, () => false)) {
    throw new ConfigError(
      `Cannot use --picture ${picture}: expected a file outside of the data in ${source}, of ` +
        `which it would be one`,
    );
  }
  if (heldOutCount === 0) {
    throw new ConfigError(
      `Cannot use --picture ${picture}: expected held-out images of at least ` +
        `${maxResolution} px a side, received none. Use a smaller --resolution, or other --data`,
    );
  }
  if (from < heldOutCount) return;
  throw new ConfigError(
    `Cannot use --from ${from}: expected at most ${heldOutCount - 1}, for there are ` +
      `${heldOutCount} held-out images, counted from 0`,
  );
}

/** Formats a table as lines; each column is as wide as its widest cell. */
export function linesOf({ title, columns, rows }: MeasuredTable): string[] {
  const cells = [columns, ...rows].map((row) => row.map(cell));
  // rows are equally long
  const widths = columns.map((_, i) => Math.max(...cells.map((row) => row[i]!.length)));
  return [title, ...cells.map((row) => row.map((x, i) => x.padStart(widths[i]!)).join("  "))];
}

function cell(value: string | number | null): string {
  if (value === Infinity) return "∞";
  return typeof value === "number" ? value.toFixed(4) : value ?? "–";
}
