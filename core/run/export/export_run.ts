/** Takes a run's generator out of the house: a folder that other programs read. */
import { join, resolve } from "node:path";
import {
  type DrawnModel,
  ExportError,
  generateFunction,
  OPSET,
  type RecordedNoise,
  recordGraph,
  writeOnnx,
} from "../../export/mod.ts";
import { encodeSafetensors, storedTensor, type StoredTensors } from "../../checkpoint/mod.ts";
import type { Model } from "../../plugin/mod.ts";
import { hostStepRandom, seedFor } from "../../random.ts";
import { messageOf } from "../../text.ts";
import { writeWhole } from "../../write_whole.ts";
import { weightsOf } from "../draw/draw_options.ts";
import { expectGenerator } from "../draw/expect_generator.ts";
import type { LoadedRun } from "../loaded_run.ts";
import { RunError } from "../run_error.ts";
import { modelCard } from "./model_card.ts";
import { onnxUsage, safetensorsUsage } from "./usage.ts";

/** Formats of {@linkcode exportRun}. */
export const EXPORT_FORMATS = ["onnx", "safetensors"] as const;
/** One of them. */
export type ExportFormat = typeof EXPORT_FORMATS[number];

/** What noise maps are outside: the same ones for every picture, none, or inputs. */
export const EXPORT_NOISES = ["fixed", "none", "input"] as const;

/** What to write, and where. */
export interface ExportOptions {
  to: ExportFormat;
  /** Folder; files in it that are not written stay. */
  out: string;
  /** Default "fixed". */
  noise?: typeof EXPORT_NOISES[number] | undefined;
  /** The averaged generator or the one that trains. Default "ema" where there is an average. */
  weights?: "ema" | "live" | undefined;
  /** The first style layer that is not truncated. Default: all are. */
  truncationCutoff?: number | undefined;
  /** Weight of the newest block, 0 … 1. Default: where the run stands. */
  alpha?: number | undefined;
  onProgress?: ((fraction: number, message: string) => void) | undefined;
}

/** A file that was written. */
export interface ExportedFile {
  /** Absolute. */
  path: string;
  bytes: number;
}

/** Exports a run. @throws RunError where its plugin has nothing that can leave the house */
export async function exportRun(
  run: LoadedRun & { checkpoint?: { digest: string } },
  options: ExportOptions,
): Promise<ExportedFile[]> {
  const { to, onProgress } = options;
  try {
    const weights = weightsOf(run, options.weights);
    onProgress?.(0, "Recording the generator");
    const contents = to === "onnx"
      ? await onnxFiles(run, options)
      : await safetensorsFiles(run, options);
    const { files, usage } = contents;
    files["README.md"] = new TextEncoder().encode(
      await modelCard(run, { usage, weights, digest: run.checkpoint?.digest }),
    );
    onProgress?.(0.9, "Writing");
    return await writeFiles(resolve(options.out), files);
  } catch (error) {
    if (!(error instanceof ExportError)) throw error;
    throw new RunError(`${messageOf(error)} (${run.id})`, { cause: error });
  }
}

/** Files by name, and how they are used. */
interface Contents {
  files: Record<string, Uint8Array>;
  usage: string;
}

async function onnxFiles(run: LoadedRun, options: ExportOptions): Promise<Contents> {
  const drawn = drawnModel(run, options);
  const graph = await recordGraph(generateFunction(drawn), noiseOf(options.noise));
  const bytes = writeOnnx(graph, {
    name: "generator",
    description: `The generator of ${run.id} at ${run.imagesSeen} images: images [N, H, W, C] in ` +
      "[-1, 1] of standard normal z",
    metadata: {
      run: run.id,
      imagesSeen: String(run.imagesSeen),
      ...(run.dataset.labels.length > 0 ? { labels: JSON.stringify(run.dataset.labels) } : {}),
    },
  });
  return { files: { "generator.onnx": bytes }, usage: onnxUsage(graph, OPSET) };
}

async function safetensorsFiles(run: LoadedRun, options: ExportOptions): Promise<Contents> {
  const weights = weightsOf(run, options.weights);
  const copies = () =>
    (run.model as Model).generator.variables().map(({ path, variable }) => ({
      path,
      tensor: variable.clone(),
    }));
  const read = weights === "ema" ? run.withAverage(copies) : copies();
  const tensors: StoredTensors = {};
  try {
    for (const { path, tensor } of read) {
      const values = await tensor.data() as Float32Array; // weights are float32
      tensors[path.replace(/^generator\//, "")] = storedTensor(values.slice(), tensor.shape);
    }
  } finally {
    for (const { tensor } of read) tensor.dispose();
  }
  const chunks = encodeSafetensors(tensors, {
    run: run.id,
    plugin: run.plugin,
    images_seen: String(run.imagesSeen),
    resolution: String(run.resolution),
    alpha: String(run.alpha),
    weights,
  });
  const bytes = new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer());
  const config = { run: run.spec.run, options: run.spec.options, dataset: run.dataset.labels };
  return {
    files: {
      "generator.safetensors": bytes,
      "config.json": new TextEncoder().encode(JSON.stringify(config, null, 2) + "\n"),
    },
    usage: safetensorsUsage(Object.keys(tensors).length),
  };
}

/** @throws RunError where the plugin doesn't draw from latents */
function drawnModel(run: LoadedRun, options: ExportOptions): DrawnModel {
  const model = expectGenerator(run, `export to ${options.to}`);
  const weights = weightsOf(run, options.weights);
  return {
    model,
    labels: run.dataset.labels,
    alpha: options.alpha ?? run.alpha,
    truncationCutoff: options.truncationCutoff,
    withWeights: (fn) => weights === "ema" ? run.withAverage(fn) : fn(),
  };
}

/** Fixed maps are those of seed 0, as `sample` draws it. */
function noiseOf(noise: ExportOptions["noise"] = "fixed"): RecordedNoise {
  return noise === "fixed" ? hostStepRandom(seedFor(0, "sample/noise")) : noise;
}

async function writeFiles(
  folder: string,
  files: Readonly<Record<string, Uint8Array>>,
): Promise<ExportedFile[]> {
  const written: ExportedFile[] = [];
  for (const [name, bytes] of Object.entries(files)) {
    const path = join(folder, name);
    await writeWhole(path, bytes);
    written.push({ path, bytes: bytes.length });
  }
  return written;
}
