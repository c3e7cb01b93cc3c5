/** Diagnoses this machine's backends; returns plain data that `deno task doctor` prints. */
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
  /** Its path; absent if the folder does not exist. */
  folder?: string;
  /** Whether the library is loaded from here. */
  taken: boolean;
  /** Why it is not loaded from here. */
  problem?: string;
}

/** A library file whose SHA-256 was compared with the manifest. */
export interface DigestCheck {
  file: string;
  /** Whether the file's SHA-256 is the one recorded in its wheel. */
  intact: boolean;
}

/** The result of computing in one precision. */
export interface PrecisionCheck {
  precision: Precision;
  /** Largest difference from the plain JavaScript convolution, relative to the largest value. */
  relativeError?: number;
  /** Speed of 3×3 convolutions in GFLOP/s; a multiply-add counts as two operations. */
  gigaflops?: number;
  /** Why it does not work. */
  problem?: string;
}

/** All findings. */
export interface Diagnosis {
  /** The places searched for TensorFlow, in order. */
  places: LibraryPlace[];
  /** Digests of the cached library's files; empty if the library comes from elsewhere. */
  digests: DigestCheck[];
  /** The backend that would compute; absent if none could be selected. */
  backend?: BackendInfo;
  /** What CUDA_VISIBLE_DEVICES hides of the machine's GPUs; absent if it hides nothing. */
  hiddenGpus?: string;
  /** Why the requested backend is not available. */
  problem?: string;
  precisions: PrecisionCheck[];
}

/**
 * Searches for libraries, checks digests, and measures accuracy and speed. Takes some seconds.
 * @param onStep receives a message for people before each step
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
    const errors = reference.map((value, i) => Math.abs(value - received[i]!)); // same length
    const relativeError = Math.max(...errors) / largest;
    return { precision, relativeError, gigaflops: await measure(backend) };
  } catch (error) {
    return { precision, problem: messageOf(error) };
  }
}

/** A small convolution whose values are compared between backends. */
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

/** The size of a timed benchmark. */
interface Workload {
  size: number; // px a side
  channels: number;
  layers: number;
}

const BATCH = 8;
const SMALL: Workload = { size: 16, channels: 16, layers: 2 };
/** Large enough for fast backends; a software-emulated GPU would take a minute. */
const LARGE: Workload = { size: 32, channels: 64, layers: 4 };
/**
 * Longest acceptable time of one run of the large workload in seconds, estimated from the small
 * one.
 */
const MAX_SECONDS = 1;

/** Floating-point operations; a multiply-add counts as two. */
function flopsOf({ size, channels, layers }: Workload): number {
  return 2 * BATCH * size ** 2 * channels ** 2 * 9 * layers;
}

/** Speed in GFLOP/s. */
async function measure(backend: Backend): Promise<number> {
  const small = await measureWorkload(backend, SMALL);
  const fast = backend.info.name === "tensorflow" || backend.info.name === "webgpu";
  if (!fast || flopsOf(LARGE) / (1e9 * small) > MAX_SECONDS) return small;
  return await measureWorkload(backend, LARGE);
}

/** The best of several runs, to reduce the effect of other load on the machine. */
async function measureWorkload(backend: Backend, work: Workload): Promise<number> {
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
