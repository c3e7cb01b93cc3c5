/** Exports a run's generator to a folder for other programs. */
import { join, resolve } from "node:path";
import { expectWritableFolder } from "../../expect_writable.ts";
import { ExportError } from "../../export/mod.ts";
import { messageOf } from "../../text.ts";
import { writeWhole } from "../../write_whole.ts";
import { weightsOf } from "../draw/draw_options.ts";
import type { LoadedRun } from "../loaded_run.ts";
import { RunError } from "../run_error.ts";
import type { Contents } from "./drawn_model.ts";
import { expectOwnFiles } from "./expect_own_files.ts";
import type { ExportFormat, ExportOptions } from "./export_options.ts";
import { CARD, modelCard } from "./model_card.ts";
import { onnxFiles } from "./onnx_files.ts";
import { savedModelFiles } from "./saved_model_files.ts";
import { webFiles } from "./web_files.ts";
import { weightFiles } from "./weight_files.ts";

/** A file that was written. */
export interface ExportedFile {
  /** Absolute. */
  path: string;
  bytes: number;
}

const FILES: Record<
  ExportFormat,
  (run: LoadedRun, options: ExportOptions) => Promise<Contents>
> = {
  web: webFiles,
  onnx: onnxFiles,
  savedmodel: savedModelFiles,
  safetensors: weightFiles,
};

/**
 * Exports a run.
 * @throws RunError where its plugin supports no export, or the folder has files of those names that
 * no export wrote
 */
export async function exportRun(
  run: LoadedRun & { checkpoint?: { digest: string } },
  options: ExportOptions,
): Promise<ExportedFile[]> {
  const { to, onProgress } = options;
  expectMeaning(run, options);
  await expectWritableFolder(options.out);
  await expectOwnFiles(resolve(options.out), [CARD]); // the other files' names are not known yet
  try {
    const weights = weightsOf(run, options.weights);
    onProgress?.(0, "Recording the generator");
    const { files, usage } = await FILES[to](run, options);
    const card = await modelCard(run, { usage, weights, digest: run.checkpoint?.digest });
    onProgress?.(0.9, "Writing");
    // the card comes first, so that an interrupted export is still recognized as one
    const all = { [CARD]: new TextEncoder().encode(card), ...files };
    return await writeFiles(resolve(options.out), all);
  } catch (error) {
    if (!(error instanceof ExportError)) throw error;
    throw new RunError(`${messageOf(error)} (${run.id})`, { cause: error });
  }
}

/** @throws RunError for options that would have no effect */
function expectMeaning(run: LoadedRun, { to, noise, truncationCutoff }: ExportOptions): void {
  if (noise !== undefined && (to === "web" || to === "safetensors")) {
    throw new RunError(
      `Cannot use --noise with --to ${to}: expected onnx or savedmodel; a page draws each seed's ` +
        "own maps, and weights alone draw none",
    );
  }
  const draws = to !== "safetensors" && run.loaded.model.plugin.exports === undefined;
  if (truncationCutoff === undefined || draws) return;
  throw new RunError(
    `Cannot use --trunc-cutoff here: expected a page, onnx or savedmodel of a run that draws from ` +
      `latents, received --to ${to} of ${run.id}`,
  );
}

async function writeFiles(
  folder: string,
  files: Readonly<Record<string, Uint8Array>>,
): Promise<ExportedFile[]> {
  await expectOwnFiles(folder, Object.keys(files));
  const written: ExportedFile[] = [];
  for (const [name, bytes] of Object.entries(files)) {
    const path = join(folder, name);
    await writeWhole(path, bytes);
    written.push({ path, bytes: bytes.length });
  }
  return written;
}
