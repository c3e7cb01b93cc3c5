/** `deno task data`: inspects or prepares a data set before it is trained on. */
import { print, printJson } from "../terminal/print.ts";
import { resolve } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { countSkipped, type DataKind, type ImageChannels } from "../../core/data.ts";
import { counted, printable, printableLine } from "../../core/text.ts";
import {
  type Counted,
  type DatasetOptions,
  inspectDataset,
  type Inspection,
  openDataset,
  writeContactSheet,
  writeShards,
} from "../../datasets/mod.ts";
import { CHANNEL_WORDS, channelsOf } from "../../core/run/data/image_channels.ts";
import { INSPECT_DEFAULTS, inspectCommand } from "../../core/run/data/inspect_command.ts";
import { UsageError } from "../errors.ts";
import { parseColour, parsePositive, parseShare } from "../flags/fields.ts";
import { expectOutside, expectPng } from "../flags/out_path.ts";
import { shellWord } from "../../core/run/shell_word.ts";
import { printFact } from "../terminal/facts.ts";
import { formatBytes } from "../terminal/format.ts";
import { createStatus } from "../terminal/status.ts";
import type { Notices } from "../../core/run/notices.ts";

interface DataFlags {
  kind: DataKind;
  resolution: number;
  fit: NonNullable<DatasetOptions["fit"]>;
  background: string;
  grey?: true;
  transparent?: true;
  skipSmaller?: true;
  unrecognized?: true;
  heldOut: number;
  cache?: string;
  sheet?: string | true;
  shards?: string;
  count: number;
  all?: true;
  json?: true;
}

export function register(program: Command): void {
  const data = program.command("data").description("Inspect a data set, or prepare it").addHelpText(
    "after",
    `
SOURCE is a folder, a .zip, shards:TARS (such as shards:/data/{0000..0999}.tar), npm:PACKAGE,
or a data set that ships (default: emoji).

Examples:
  deno task data inspect
  deno task data inspect photos --resolution 128 --sheet
  deno task data prepare photos.zip --resolution 256 --fit contain
  deno task data prepare photos --shards /data/photos`,
  );
  const sub = (name: string, description: string) =>
    data.command(name).description(description).copyInheritedSettings(program)
      .argument(
        "[source]",
        "Folder, .zip, shards:TARS, npm:PACKAGE (default: the set that ships for the kind)",
      )
      .addOption(
        new Option("--kind <kind>", "Kind of data").choices(["images", "sketches"]).default(
          INSPECT_DEFAULTS.kind,
        ),
      )
      .addOption(
        new Option("--resolution <px>", "Largest resolution, a power of two").argParser(
          parseResolution,
        ).default(INSPECT_DEFAULTS.resolution),
      )
      .addOption(
        new Option("--fit <way>", "How images are made square").choices([
          "cover",
          "contain",
          "stretch",
        ]).default(INSPECT_DEFAULTS.fit),
      )
      .addOption(
        new Option("--background <colour>", "Background of transparent images").argParser(
          parseColour,
        )
          .default(INSPECT_DEFAULTS.background),
      )
      .option("--grey", "Read images as greyscale, one channel")
      .option("--transparent", "Read opacity as a fourth channel")
      .option("--skip-smaller", "Skip images smaller than the resolution, as progan-sr does")
      .option("--unrecognized", "Keep sketches that Quick, Draw! did not recognize")
      .addOption(
        new Option("--held-out <share>", "Share held out for previews and metrics").argParser(
          parseShare,
        ).default(0.05),
      )
      .addOption(
        new Option("--data <source>").hideHelp().argParser((text) => { // what train calls it
          throw new InvalidArgumentError(
            `Pass it as the argument: deno task data ${name} ${shellWord(text)}`,
          );
        }),
      )
      .option("--cache <folder>", "Folder for prepared data (default: the user's cache)")
      .option("--sheet [file]", "Write a contact sheet (default: contact-sheet.png)")
      .addOption(
        new Option("--count <number>", "Samples on the sheet").argParser(parsePositive).default(64),
      )
      .option("--json", "Print the findings as JSON");
  sub("inspect", "Show counts, sizes, labels, and skipped files with reasons")
    .option("--all", "List every skipped file")
    .action((source, flags) => runData(source, flags, printInspection));
  sub("prepare", "Prepare every resolution now, so that training starts at once")
    .option("--shards <folder>", "Write the unchanged images into WebDataset shards instead")
    .action((source, flags) =>
      flags.shards === undefined
        ? runData(source, flags, printPrepared)
        : runShards(source ?? "emoji", flags.shards, flags)
    );
}

function parseResolution(text: string): number {
  const side = parsePositive(text);
  if (side >= 4 && side <= 1024 && Number.isInteger(Math.log2(side))) return side;
  throw new InvalidArgumentError("Expected a power of two from 4 to 1024.");
}

async function runData(
  source: string | undefined,
  flags: DataFlags,
  print: (inspection: Inspection, flags: DataFlags) => void,
): Promise<void> {
  const sheet = flags.sheet === true ? "contact-sheet.png" : flags.sheet;
  if (sheet !== undefined) {
    await expectPng(sheet);
    if (source !== undefined) await expectOutside(sheet, source);
  }
  const status = createStatus(flags.json);
  const { kind, resolution, fit, background, heldOut, cache } = flags;
  const channels = channelsOf(flags);
  const options: DatasetOptions = {
    kind,
    source,
    maxResolution: resolution,
    fit,
    background,
    heldOut,
    ...(channels === undefined ? {} : { channels }),
    ...(flags.skipSmaller ? { skipSmaller: true } : {}),
    ...(flags.unrecognized ? { sketches: { unrecognized: true } } : {}),
    ...(cache === undefined ? {} : { cacheDir: cache }),
    onProgress: ({ done, total }) => status.progress("Preparing the data", done / total),
  };
  status.progress("Opening the data …");
  const inspection = await inspectDataset(options);
  const written = sheet === undefined ? undefined : resolve(sheet);
  if (written) await drawSheet(written, options, flags.count, status);
  status.done();
  if (flags.json) {
    return printJson({ ...inspection, ...(written ? { sheet: written } : {}) });
  }
  print(inspection, flags);
  if (written) printFact("Sheet", written);
}

async function runShards(source: string, folder: string, { kind, json }: DataFlags): Promise<void> {
  if (kind !== "images") {
    throw new UsageError(`Cannot write shards: expected --kind images, received ${kind}`);
  }
  const status = createStatus(json);
  const onProgress = ({ done, total }: { done: number; total: number }) =>
    status.progress("Writing shards", done / total);
  const written = await writeShards({ source, folder, onProgress });
  status.done();
  const typed = `shards:${resolve(folder)}`;
  if (json) return printJson({ ...written, source: typed });
  const { pictures, shards } = written;
  printFact("Written", `${counted(pictures, "image")} in ${counted(shards.length, "shard")}`);
  if (written.classes > 0) printFact("Labels", `${written.classes}`);
  if (written.skipped.length > 0) printFact("Skipped", `${countSkipped(written.skipped)}`);
  printFact("To train", `--data ${shellWord(typed)}`);
}

async function drawSheet(
  path: string,
  options: DatasetOptions,
  count: number,
  status: Notices,
): Promise<void> {
  status.progress("Drawing the contact sheet …");
  const dataset = await openDataset(options);
  try {
    await writeContactSheet(path, dataset, { count });
  } finally {
    dataset.close();
  }
}

/** Report images without colour if more than this share of a colour set has none. */
const MANY_GREY = 0.05;

/** Entries shown of each list; `--json` has all, and `--all` lists every skipped file. */
const SHOWN = 8;

function printInspection(inspection: Inspection, { all }: DataFlags): void {
  const { info, sizes, labels, enlarged, grey, notes, reasons } = inspection;
  printFact("Data", `${info.name} (${info.source})`);
  printFact("Kind", `${info.kind}, ${CHANNEL_WORDS[info.channels as ImageChannels]}`);
  printFact("Samples", `${info.count} to train on, ${info.heldOutCount} held out`);
  if (sizes.length > 0) printFact("Sizes", listed(sizes));
  if (enlarged > 0) printFact("Enlarged", `${enlarged} are smaller than ${info.maxResolution} px`);
  const total = info.count + info.heldOutCount;
  if (grey > MANY_GREY * total) {
    printFact(
      "Grey",
      `${grey} of ${total} have no colour: pass --grey to learn all of them as grey`,
    );
  }
  printFact(
    "Labels",
    labels.length === 0 ? "none (subfolders would be)" : `${labels.length}: ${listed(labels)}`,
  );
  for (const { name, count } of notes) printFact("Note", count > 1 ? `${count} × ${name}` : name);
  printPlaces(inspection);
  printFact("Digest", info.digest.slice(0, 16));
  printFact("Skipped", info.skipped.length === 0 ? "none" : `${countSkipped(info.skipped)}`);
  for (const { name, count } of reasons) print(`  ${count} × ${printable(name)}`);
  const shown = info.skipped.slice(0, all ? info.skipped.length : SHOWN);
  for (const { path, reason } of shown) {
    print(`    ${printableLine(path)}: ${printable(reason)}`);
  }
  const more = countSkipped(info.skipped) - countSkipped(shown);
  if (more > 0) print(`    … ${more} more; --all lists them`);
}

function printPrepared(inspection: Inspection, flags: DataFlags): void {
  const { info } = inspection;
  printFact("Prepared", `${info.count + info.heldOutCount} ${info.kind} of ${info.name}`);
  printPlaces(inspection);
  if (info.skipped.length > 0) {
    const { resolution, fit, background, skipSmaller, cache } = flags;
    const channels = channelsOf(flags) ?? 3;
    const place = { resolution, fit, background, channels, skipSmaller: !!skipSmaller, cache };
    printFact("Skipped", `${countSkipped(info.skipped)}. All: ${inspectCommand(info, place)}`);
  }
}

function printPlaces({ info, cache }: Inspection): void {
  if (!cache) {
    const why = info.kind === "sketches"
      ? "sketches are drawn for each batch"
      : "pictures of shards are decoded for each batch";
    return printFact("Cache", `none: ${why}`);
  }
  printFact("Cache", cache.folder);
  printFact(
    "Resolutions",
    `${cache.resolutions.join(", ")} px, ${formatBytes(cache.bytes)}, by ${cache.filter}`,
  );
}

function listed(all: readonly Counted[]): string {
  const shown = all.slice(0, SHOWN).map(({ name, count }) => `${name} (${count})`).join(", ");
  return shown + (all.length > SHOWN ? `, … ${all.length - SHOWN} more` : "");
}
