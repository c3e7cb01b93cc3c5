/** `deno task export`: a run's generator as files for other programs. */
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
      "Write a run's generator for other programs: a page, ONNX, TensorFlow, or weights alone",
    )
    .addOption(
      new Option("--to <format>", "What to write").choices(EXPORT_FORMATS).makeOptionMandatory(),
    )
    .requiredOption("--out <folder>", "Where to write")
    .addOption(
      new Option(
        "--noise <maps>",
        "Noise maps of ONNX and TensorFlow: seed 0's for all (default: fixed), none, or inputs",
      ).choices(EXPORT_NOISES),
    )
    .addOption(
      new Option(
        "--trunc-cutoff <layer>",
        "First style layer without truncation, two a resolution (default: all are truncated)",
      ).argParser(parsePositive),
    )
    .addOption(
      new Option(
        "--weights <which>",
        "The averaged generator or the one being trained (default: ema)",
      ).choices(["ema", "live"]),
    )
    .option("--json", "Print what was written as JSON on standard output")
    .addHelpText(
      "after",
      `
The folder has a model card, README.md, which says how the files are used.

A page (--to web) runs in any browser, without a server of its own.

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
