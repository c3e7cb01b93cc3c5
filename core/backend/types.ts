/** The contract of a compute backend: what the trainer needs beyond tfjs itself. */
import type * as tf from "@tensorflow/tfjs";
import type { Seed } from "../random.ts";

/** Backends that `selectBackend()` knows, fastest first. */
export type BackendName = "tensorflow" | "webgpu" | "wasm" | "cpu";

/**
 * The kind of device that TensorFlow computes on; "auto" uses a GPU if a TensorFlow build that
 * supports it is already available.
 */
export type DeviceChoice = "auto" | "cpu" | "gpu";

/**
 * The precision of convolutions and matrix products inside a compiled step; weights stay float32.
 */
export type Precision = "float32" | "bfloat16";

/** Progress of fetching the TensorFlow library, for display. */
export interface LibraryProgress {
  stage: "download" | "unpack" | "verify" | "load";
  /** A description for people, with details. */
  message: string;
  /** Fraction done, 0 … 1, if known. */
  fraction?: number;
}

/** Which backend to select; everything has a default. */
export interface BackendOptions {
  /** "auto" (the default) selects TensorFlow, or WASM if TensorFlow is not available. */
  name?: BackendName | "auto";
  /** The folder that holds TensorFlow's shared libraries. */
  tensorflow?: string;
  /**
   * Default "auto". "gpu" fetches TensorFlow's CUDA build if it is missing; "cpu" never uses a GPU.
   */
  device?: DeviceChoice;
  /** Number of threads; default: the number of processors. It affects a run's exact results. */
  threads?: number;
  /**
   * Number of shards into which TensorFlow splits a batch inside compiled functions; they are
   * computed in parallel, with a share of the threads each. This makes training steps faster, but
   * single operations outside compiled functions slower. "auto" chooses a power of 2 that suits the
   * number of threads, at most 4. Default 1. It affects a run's exact results.
   */
  shards?: number | "auto";
  /**
   * Default "float32"; "auto" selects bfloat16 if the processor and the backend support it
   * efficiently.
   */
  precision?: Precision | "auto";
  /** Computes shared functions together with other processes; only TensorFlow supports this. */
  place?: WorkerPlace | undefined;
  /** False forbids fetching the library. Default true. */
  download?: boolean;
  /** Called while the library is fetched. */
  onProgress?: (progress: LibraryProgress) => void;
  /**
   * Called once if a slower backend or device is used than would be possible, with the reason and
   * how to fix it, and if a TensorFlow exists that can't be used: an installed one that is skipped,
   * or a damaged one that is fetched again.
   */
  onFallback?: (message: string) => void;
}

/** A process's place among the workers that compute a step together. */
export interface WorkerPlace {
  /** "host:port" of each worker, the same list in all of them. */
  addresses: readonly string[];
  /** Index of this process. */
  rank: number;
  /** The address to listen on, without a port. Default: the one in `addresses`. */
  listen?: string;
  /** Aborted with the error to throw when another worker is lost, so that nothing waits for it. */
  lost?: AbortSignal;
}

/** A compute device. */
export interface DeviceInfo {
  /** Its name in the library. */
  name: string;
  kind: "CPU" | "GPU";
  /** For example "NVIDIA H100 80GB HBM3"; absent if the driver does not report it. */
  model?: string;
  /** Dedicated memory; absent if the library does not report it. */
  memoryBytes?: number;
  /** Whether it is a GPU that is emulated by the processor. */
  isSoftware?: boolean;
}

/** Facts about the backend in use: plain data that `doctor` prints and each checkpoint stores. */
export interface BackendInfo {
  name: BackendName;
  /** The precision of convolutions and matrix products in compiled functions. */
  precision: Precision;
  /** e.g. "TensorFlow 2.21.0", "tfjs-backend-wasm 4.22.0". */
  library: string;
  /** Where the library came from, e.g. "the cache of this user" or "python3's tensorflow". */
  origin: string;
  /** The library's folder, if it is a file. */
  folder?: string;
  /** Number of threads. */
  threads: number;
  devices: DeviceInfo[];
  /** Everything that affects exact results; equal fingerprints promise bit-identical results. */
  fingerprint: Record<string, string>;
}

/** Collective operations of a function that is shared among processes. */
export interface CollectiveStats {
  /** Their number; nearly all wait for the previous one. */
  count: number;
  /** Bytes that this process sends in total. */
  bytes: number;
}

/** The cost of recording, if the backend records. */
export interface RecordingStats {
  /** Time to run the function op by op and to compare the recordings. */
  recordMilliseconds: number;
  /** Time to build a function from the recording. */
  buildMilliseconds: number;
  /** Number of operations in the function. */
  nodes: number;
  /** Size of its serialized graph. */
  graphBytes: number;
  /** What each call exchanges with other workers, if they compute it together. */
  collectives?: CollectiveStats;
}

/** Named inputs or outputs of a compiled function. */
export type NamedTensors = Record<string, tf.Tensor>;

/**
 * Pure tensor code: reads `inputs` and `tf.Variable`s, may assign variables, and returns named
 * tensors. It must not read a tensor's value, and must only draw randomness from `core/random.ts`.
 */
export type TensorFunction = (inputs: NamedTensors) => NamedTensors;

/**
 * A `TensorFunction` made fast: recorded once and replayed, or run op by op on backends that do not
 * record.
 */
export interface CompiledFunction {
  /** The name it was compiled with, for error messages. */
  readonly name: string;
  /**
   * Runs the function. Variables that it assigns have their new values when the promise resolves.
   * @param inputs the same names, shapes and dtypes in every call; they are not disposed
   * @param seed seed of this call's random draws
   * @returns new tensors, owned by the caller
   */
  run(inputs: NamedTensors, seed: Seed): Promise<NamedTensors>;
  /** Undefined before the first run and on backends that do not record. */
  readonly recording: RecordingStats | undefined;
  /** Milliseconds that the last `run` spent inside the library (0 if unknown). */
  readonly libraryMilliseconds: number;
  /** Releases the function once the requested runs are finished; it can't be run again. */
  dispose(): void;
}

/** Options of `Backend.compile()`. */
export interface CompileOptions {
  /**
   * Records twice and compares, which finds values that are drawn or read in JavaScript. Default
   * true.
   */
  verify?: boolean;
  /**
   * If several processes compute together, each computes its rows of the inputs, and operations
   * across rows are joined over all of them. All processes must compile the same shared functions
   * in the same order and run them with equal inputs and variables; the results are equal
   * everywhere. Default false.
   */
  shared?: boolean;
  /**
   * Name prefix of the inputs of a shared function for which each process only provides its own
   * rows (`ownRows()`); the other rows are never read. Default: none.
   */
  ownRows?: string;
}

/** An operation that was executed while a function was recorded. */
export interface ExecutedOp {
  /** Its name in the library, e.g. "Conv2D". */
  op: string;
  inputs: readonly (readonly number[])[];
  outputs: readonly (readonly number[])[];
  /** Start time as returned by `performance.now()`. */
  startedAt: number;
  milliseconds: number;
}

/** A selected backend that is ready and active in tfjs. */
export interface Backend {
  readonly info: BackendInfo;
  /** Absent if this process computes alone. */
  readonly place?: WorkerPlace | undefined;
  /**
   * Waits for all workers and gives each of them everyone's values, by rank. All must pass the same
   * number of values. Absent if this process computes alone.
   */
  gather?(values: Int32Array): Promise<Int32Array[]>;
  /** Compiles `fn`. It is traced at the first `run`; tracing changes no variable. */
  compile(name: string, fn: TensorFunction, options?: CompileOptions): CompiledFunction;
  /**
   * Reports each operation that is recorded from now on, until called without a listener. Absent if
   * the backend does not support it.
   */
  watchRecording?(listener?: (op: ExecutedOp) => void): void;
}
