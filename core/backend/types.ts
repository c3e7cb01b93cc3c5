/** The contract of a compute backend: what the trainer needs beyond tfjs itself. */
import type * as tf from "@tensorflow/tfjs";
import type { Seed } from "../random.ts";

/** Backends that `selectBackend()` knows, fastest first. */
export type BackendName = "tensorflow" | "webgpu" | "wasm" | "cpu";

/**
 * What TensorFlow computes on; "auto" takes a GPU where a TensorFlow that can use it is there
 * already.
 */
export type DeviceChoice = "auto" | "cpu" | "gpu";

/** Arithmetic of convolutions and matrix products inside a compiled step; weights stay float32. */
export type Precision = "float32" | "bfloat16";

/** Progress of fetching the TensorFlow library, for the terminal. */
export interface LibraryProgress {
  stage: "download" | "unpack" | "verify" | "load";
  /** The same for people, with what and where. */
  message: string;
  /** 0 … 1 where it is known. */
  fraction?: number;
}

/** What to select; everything has a default. */
export interface BackendOptions {
  /** "auto" (the default) takes TensorFlow, and WASM where TensorFlow can't be had. */
  name?: BackendName | "auto";
  /** Folder that holds TensorFlow's shared libraries. */
  tensorflow?: string;
  /**
   * Default "auto". "gpu" fetches TensorFlow's CUDA build where there is none; "cpu" leaves GPUs
   * alone.
   */
  device?: DeviceChoice;
  /** Threads to compute with; default: the machine's processors. The bits of a run depend on it. */
  threads?: number;
  /**
   * Pieces that TensorFlow cuts a batch into inside compiled functions, computed at once with a
   * share of the threads each. A training step is faster for it, a single operation outside
   * compiled functions slower. "auto" takes a power of 2 that suits the threads, at most 4. Default
   * 1. The bits of a run depend on it.
   */
  shards?: number | "auto";
  /**
   * Default "float32"; "auto" takes bfloat16 where the processor and the backend are made for it.
   */
  precision?: Precision | "auto";
  /** Computes shared functions together with other processes; TensorFlow alone can. */
  place?: WorkerPlace | undefined;
  /** False forbids fetching the library. Default true. */
  download?: boolean;
  /** Told while the library is fetched. */
  onProgress?: (progress: LibraryProgress) => void;
  /**
   * Called once if a slower backend or device is taken than there could be, with why and how to
   * mend it; and if a TensorFlow is there that can't be used: an installed one that is passed over,
   * a damaged one that is fetched anew.
   */
  onFallback?: (message: string) => void;
}

/** A process's place among those that compute a step together. */
export interface WorkerPlace {
  /** "host:port" of each, the same list in all. */
  addresses: readonly string[];
  /** Index of this process. */
  rank: number;
  /** The address to listen at, without a port. Default: that of `addresses`. */
  listen?: string;
  /** Aborted with the error to throw when another process is lost: nothing waits for it then. */
  lost?: AbortSignal;
}

/** A device as the backend names it. */
export interface DeviceInfo {
  /** As the library names it. */
  name: string;
  kind: "CPU" | "GPU";
  /** e.g. "NVIDIA H100 80GB HBM3", where the driver tells. */
  model?: string;
  /** Memory of its own, where the library tells. */
  memoryBytes?: number;
  /** A GPU that the processor plays. */
  isSoftware?: boolean;
}

/** Facts about the backend in use: plain data, printed by `doctor`, kept in each checkpoint. */
export interface BackendInfo {
  name: BackendName;
  /** Arithmetic of convolutions and matrix products in compiled functions. */
  precision: Precision;
  /** e.g. "TensorFlow 2.21.0", "tfjs-backend-wasm 4.22.0". */
  library: string;
  /**
   * Where the library came from, e.g. "the cache of this user", "python3's tensorflow"; and its
   * folder.
   */
  origin: string;
  /** Where the library lies, where it is a file. */
  folder?: string;
  /** Threads to compute with. */
  threads: number;
  devices: DeviceInfo[];
  /** All that the bits of a result depend on; equal fingerprints promise equal bits. */
  fingerprint: Record<string, string>;
}

/** Collective operations of a function that is shared among processes. */
export interface CollectiveStats {
  /** How many; nearly all wait for the one before. */
  count: number;
  /** That this process gives to them, in all. */
  bytes: number;
}

/** What recording cost, where the backend records. */
export interface RecordingStats {
  /** Running the function op by op, and comparing. */
  recordMilliseconds: number;
  /** Making one function of the record. */
  buildMilliseconds: number;
  /** Operations of the function. */
  nodes: number;
  /** Its size as a graph, serialized. */
  graphBytes: number;
  /** What each call tells other processes, where they compute it together. */
  collectives?: CollectiveStats;
}

/** Named tensors that go into or come out of a compiled function. */
export type NamedTensors = Record<string, tf.Tensor>;

/**
 * Pure tensor code: reads `inputs` and `tf.Variable`s, may assign variables, returns named tensors.
 * It must not read a tensor's value and must draw randomness from `core/random.ts` only.
 */
export type TensorFunction = (inputs: NamedTensors) => NamedTensors;

/**
 * A `TensorFunction` made fast: recorded once and replayed, or run op by op where nothing records.
 */
export interface CompiledFunction {
  /** As it was compiled; errors say it. */
  readonly name: string;
  /**
   * Runs once. Variables that the function assigns hold their new values when the promise resolves.
   * @param inputs the same names, shapes and dtypes at every call; they are not disposed
   * @param seed of this call's random draws
   * @returns new tensors, owned by the caller
   */
  run(inputs: NamedTensors, seed: Seed): Promise<NamedTensors>;
  /** Undefined before the first run and on backends that do not record. */
  readonly recording: RecordingStats | undefined;
  /** Milliseconds of the last `run` that were spent inside the library (0 where unknown). */
  readonly libraryMilliseconds: number;
  /** Gives the function back once the runs that were asked for are done; it can't be run again. */
  dispose(): void;
}

/** Options of `Backend.compile()`. */
export interface CompileOptions {
  /** Record twice and compare: finds values drawn or read in JavaScript. Default true. */
  verify?: boolean;
  /**
   * Where processes compute together: each computes its rows of the inputs, and what joins rows is
   * joined over all of them. All must compile the same shared functions in the same order and run
   * them with equal inputs and variables; results are equal on all. Default false.
   */
  shared?: boolean;
  /**
   * How the names of those inputs of a shared function begin of which each process knows its own
   * rows alone (`ownRows()`); what stands in the others is not read. Default: none.
   */
  ownRows?: string;
}

/** An operation that ran by itself, while a function was recorded. */
export interface ExecutedOp {
  /** As the library names it, e.g. "Conv2D". */
  op: string;
  /** Shapes of its inputs. */
  inputs: readonly (readonly number[])[];
  /** Shapes of its outputs. */
  outputs: readonly (readonly number[])[];
  /** When it began, as `performance.now()` tells time. */
  startedAt: number;
  milliseconds: number;
}

/** A selected, ready backend; tfjs is set to it. */
export interface Backend {
  /** Facts that stay. */
  readonly info: BackendInfo;
  /** Absent where this process computes alone. */
  readonly place?: WorkerPlace | undefined;
  /**
   * Waits for all workers, and tells each what all gave, by rank. All give as many numbers. Absent
   * where this process computes alone.
   */
  gather?(values: Int32Array): Promise<Int32Array[]>;
  /** Makes `fn` fast. The function is traced at the first `run`; the trace changes no variable. */
  compile(name: string, fn: TensorFunction, options?: CompileOptions): CompiledFunction;
  /**
   * Tells of each operation that is recorded from now on, until it is called without a listener;
   * absent: can't.
   */
  watchRecording?(listener?: (op: ExecutedOp) => void): void;
}
