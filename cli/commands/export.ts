/** `deno task export`: writes a run's generator for use in other programs. */
import { relative } from "node:path";
import { type Command, Option } from "commander";
import { expectWritableFolder } from "../../core/expect_writable.ts";
import {
  EXPORT_FORMATS,
  EXPORT_NOISES,
  type ExportOptions,
} from "../../core/run/export/export_options.ts";
import { parsePositive } from "../flags/fields.ts";
import { openChosenRun } from "../flags/open_chosen_run.ts";
import { weightsOption } from "../flags/picture_options.ts";
import { addRun, type RunFlags } from "../flags/run_flags.ts";
import { formatBytes, formatCount } from "../terminal/format.ts";
import { print, printJson } from "../terminal/print.ts";
import { createStatus } from "../terminal/status.ts";

interface ExportFlags extends RunFlags, Pick<ExportOptions, "to" | "noise" | "weights" | "out"> {
  truncCutoff?: number;
  json?: true;
}

export function register(program: Command): void {
  const command = program.command("export")
    .description(
      "Export the generator of a run as a web page, ONNX, TensorFlow SavedModel or safetensors",
    )
    .addOption(
      new Option("--to <format>", "Format to write").choices(EXPORT_FORMATS).makeOptionMandatory(),
    )
    .requiredOption("--out <folder>", "Folder to write to")
    .addOption(
      new Option(
        "--noise <maps>",
        "Noise maps of ONNX and TensorFlow: fixed: those of seed 0 for all images (default); none; " +
          "input: an input of the model",
      ).choices(EXPORT_NOISES),
    )
    .addOption(
      new Option(
        "--trunc-cutoff <layer>",
        "First style layer that is not truncated; a resolution has two (default: all are truncated)",
      ).argParser(parsePositive),
    )
    .addOption(weightsOption())
    .option("--json", "Print what was written as JSON to standard output")
    .addHelpText(
      "after",
      `
The folder contains a model card, README.md, which says how to use the files.

A page (--to web) runs in any browser and needs only a static file server.

Examples:
  deno task export --run 3 --to web --out page
  deno task export --run 3 --to onnx --out generator
  deno task export --to safetensors --out weights`,
    );
  addRun(command);
  command.action(runExport);
}

async function runExport(flags: ExportFlags): Promise<void> {
  const { to, out, noise, weights, truncCutoff: truncationCutoff } = flags;
  await expectWritableFolder(out);
  const status = createStatus(flags.json);
  using run = await openChosenRun(flags, status);
  const files = await run.export({
    to,
    out,
    noise,
    weights,
    truncationCutoff,
    onProgress: (fraction, message) => status.progress(message, fraction),
  });
  status.done();
  const { id, imagesSeen, resolution } = run;
  if (flags.json) return printJson({ run: id, imagesSeen, resolution, to, files });
  print(`${id} at ${formatCount(imagesSeen)} images, ${resolution} px`);
  for (const { path, bytes } of files) {
    print(`${relative(Deno.cwd(), path)} (${formatBytes(bytes)})`);
  }
}
