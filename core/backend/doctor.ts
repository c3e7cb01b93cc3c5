/** What can be said about this machine's backends: plain data for `deno task doctor`. */
import * as tf from "@tensorflow/tfjs";
import { join } from "node:path";
import { Random, seedFor } from "../random.ts";
import { messageOf } from "../text.ts";
import { readManifest } from "./tensorflow/library/cache.ts";
import { candidates } from "./tensorflow/library/candidates.ts";
import { visibleGpus } from "./tensorflow/library/gpus.ts";
import { fileDigest } from "./tensorflow/library/digest.ts";
import { selectBackend } from "./select.ts";
import type { Backend, BackendInfo, BackendOptions, Precision } from "./types.ts";

/** A place where TensorFlow was looked for. */
export interface LibraryPlace {
  /** What kind of place it is, e.g. "the cache of this user". */
  origin: string;
  /** Where; absent where there is no such folder. */
  folder?: string;
  /** Whether its library is the one that is loaded. */
  taken: boolean;
  /** Why it was not taken. */
  problem?: string;
}

/** A library's file, read whole and held against its manifest. */
export interface DigestCheck {
  file: string;
  /** Whether its SHA-256 is the one that its wheel names. */
  intact: boolean;
}

/** A precision, tried. */
export interface PrecisionCheck {
  precision: Precision;
  /** Largest difference from plain JavaScript's convolution, relative to the largest value. */
  relativeError?: number;
  /** Billions of multiplications and additions a second in 3×3 convolutions, each counted. */
  gigaflops?: number;
  /** Why it does not work. */
  problem?: string;
}

/** All findings. */
export interface Diagnosis {
  /** Where TensorFlow was looked for, in that order. */
  places: LibraryPlace[];
  /** Of the cached library; empty where it comes from elsewhere. */
  digests: DigestCheck[];
  /** What computes here; absent where nothing could be selected. */
  backend?: BackendInfo;
  /** What CUDA_VISIBLE_DEVICES hides of the machine's GPUs; absent where it hides nothing. */
  hiddenGpus?: string;
  /** Why the wished backend can't be had. */
  problem?: string;
  precisions: PrecisionCheck[];
}

/**
 * Looks everywhere, checks digests, computes and measures. Takes some seconds.
 * @param onStep told what is done next, for people
 */
export async function diagnose(
  options: BackendOptions = {},
  onStep: (message: string) => void = () => {},
): Promise<Diagnosis> {
  const places: LibraryPlace[] = [];
  for await (const { origin, folder, problem } of candidates(options)) {
    const taken = problem === undefined && !places.some((place) => place.taken);
    places.push({ origin, taken, ...folder && { folder }, ...problem && { problem } });
  }
  const { hidden } = visibleGpus();
  const diagnosis: Diagnosis = { places, digests: [], precisions: [] };
  if (hidden !== undefined) diagnosis.hiddenGpus = hidden;
  try {
    const { info } = await selectBackend({ ...options, precision: "float32" });
    diagnosis.backend = info;
    if (info.folder) diagnosis.digests = await checkDigests(info.folder);
    for (const precision of ["float32", "bfloat16"] as const) {
      if (precision === "float32" || info.name === "tensorflow") {
        onStep(`Measuring ${precision} in 3×3 convolutions on ${info.name} …`);
        diagnosis.precisions.push(await checkPrecision({ ...options, name: info.name }, precision));
      }
    }
  } catch (error) {
    diagnosis.problem = messageOf(error);
  }
  return diagnosis;
}

async function checkDigests(folder: string): Promise<DigestCheck[]> {
  const manifest = await readManifest(folder);
  const checks: DigestCheck[] = [];
  for (const { name, sha256 } of manifest?.files ?? []) {
    checks.push({ file: name, intact: await fileDigest(join(folder, name)) === sha256 });
  }
  return checks;
}

async function checkPrecision(
  options: BackendOptions,
  precision: Precision,
): Promise<PrecisionCheck> {
  try {
    const reference = await convolve(await selectBackend({ name: "cpu" }));
    const backend = await selectBackend({ ...options, precision });
    const received = await convolve(backend);
    const largest = Math.max(...reference.map(Math.abs));
    const errors = reference.map((value, i) => Math.abs(value - received[i]!)); // equally long
    const relativeError = Math.max(...errors) / largest;
    return { precision, relativeError, gigaflops: await measure(backend) };
  } catch (error) {
    return { precision, problem: messageOf(error) };
  }
}

/** A small convolution whose values can be compared. */
async function convolve(backend: Backend): Promise<number[]> {
  const x = tf.tensor(normals("images", 8 * 8 * 8), [1, 8, 8, 8]);
  const filter = tf.tensor(normals("filter", 9 * 8 * 8), [3, 3, 8, 8]);
  return await convolution(backend, x, filter, 1, async (run) => {
    const y = await run();
    const values = Array.from(await y.data());
    y.dispose();
    return values;
  });
}

/** Convolutions to be timed. */
interface Work {
  size: number; // px a side
  channels: number;
  layers: number;
}

const BATCH = 8;
const SMALL: Work = { size: 16, channels: 16, layers: 2 };
/** Enough for what is fast; a GPU that is played by a processor would take a minute. */
const LARGE: Work = { size: 32, channels: 64, layers: 4 };
/** Seconds that one run of the large work may take, as the small one foretells. */
const PATIENCE = 1;

/** Multiplications and additions, each counted. */
function flopsOf({ size, channels, layers }: Work): number {
  return 2 * BATCH * size ** 2 * channels ** 2 * 9 * layers;
}

/** Billions a second. */
async function measure(backend: Backend): Promise<number> {
  const small = await measureWork(backend, SMALL);
  const fast = backend.info.name === "tensorflow" || backend.info.name === "webgpu";
  if (!fast || flopsOf(LARGE) / (1e9 * small) > PATIENCE) return small;
  return await measureWork(backend, LARGE);
}

/** The best of some runs, so that a busy machine spoils less. */
async function measureWork(backend: Backend, work: Work): Promise<number> {
  const { size, channels, layers } = work, batch = BATCH, flops = flopsOf(work);
  const x = tf.randomNormal([batch, size, size, channels]);
  const filter = tf.randomNormal([3, 3, channels, channels], 0, 1 / Math.sqrt(9 * channels));
  return await convolution(backend, x, filter, layers, async (run) => {
    let best = Infinity;
    for (let i = 0; i < 6; i++) {
      const start = performance.now(), y = await run();
      await y.data();
      y.dispose();
      if (i > 0) best = Math.min(best, performance.now() - start); // the first one compiles
    }
    return flops / best / 1e6;
  });
}

async function convolution<T>(
  backend: Backend,
  x: tf.Tensor,
  filter: tf.Tensor,
  layers: number,
  use: (run: () => Promise<tf.Tensor>) => Promise<T>,
): Promise<T> {
  const compiled = backend.compile("doctor", ({ x, filter }) => {
    let y = x as tf.Tensor4D; // [N, H, W, C]
    for (let i = 0; i < layers; i++) y = tf.conv2d(y, filter as tf.Tensor4D, 1, "same");
    return { y };
  });
  try {
    return await use(async () => (await compiled.run({ x, filter }, [0, 0])).y!); // as returned
  } finally {
    compiled.dispose();
    tf.dispose([x, filter]);
  }
}

function normals(name: string, length: number): Float32Array {
  return new Random(seedFor(0, name)).normals(length);
}
