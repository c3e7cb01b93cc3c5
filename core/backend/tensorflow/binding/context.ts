/** TensorFlow's eager context, with the threads and flags that determine a run's exact results. */
import { notNull, type Status } from "./status.ts";
import type { TensorFlowSymbols } from "./symbols.ts";
import type { WorkerPlace } from "../../types.ts";
import { enableCollectives, leaderConfig } from "./collectives.ts";

/** Environment variables that must be set before TensorFlow is loaded. */
export interface Flags {
  /** "1" uses kernels with a fixed order of summation; unseeded random ops throw. */
  TF_DETERMINISTIC_OPS: string;
  /** "1" uses oneDNN's convolutions and matrix products. */
  TF_ENABLE_ONEDNN_OPTS: string;
  /** The widest instruction set that oneDNN may use; it affects results. */
  ONEDNN_MAX_CPU_ISA: string;
  TF_CPP_MIN_LOG_LEVEL: string;
}

const DEFAULT_FLAGS: Flags = {
  TF_DETERMINISTIC_OPS: "1",
  TF_ENABLE_ONEDNN_OPTS: "1",
  ONEDNN_MAX_CPU_ISA: "DEFAULT",
  TF_CPP_MIN_LOG_LEVEL: "2",
};

/**
 * Sets the environment variables that TensorFlow reads when it is loaded. Values already set by the
 * user are kept.
 * @returns the values in force, for the fingerprint
 */
export function setFlags(): Flags {
  const flags = { ...DEFAULT_FLAGS };
  for (const name of Object.keys(flags) as (keyof Flags)[]) { // exactly Flags' keys
    const own = Deno.env.get(name);
    if (own === undefined) Deno.env.set(name, flags[name]);
    else flags[name] = own;
  }
  return flags;
}

/**
 * The most ops that may run at the same time. Independent ops (the scores of reals and of fakes,
 * the two gradients of a layer) fill threads that another op leaves idle. The result of an op does
 * not depend on what runs beside it.
 */
const MAX_PARALLEL_OPS = 4;

/** How the threads of a context are divided. */
export interface ContextThreads {
  threads: number;
  /**
   * The number of shards of a batch that are computed in parallel; each op gets its share of the
   * threads.
   */
  shards: number;
}

/** Options of {@linkcode createContext}. */
export interface ContextOptions extends ContextThreads {
  /** This process's place among the workers, if there are several. */
  place?: WorkerPlace | undefined;
}

/**
 * A serialized ConfigProto: `intra_op_parallelism_threads` (2), `inter_op_parallelism_threads` (5),
 * `graph_options.rewrite_options.disable_meta_optimizer` (10 . 10 . 19). The meta optimizer is off
 * because Grappler's constant folding would make a replay differ from the eager computation.
 */
export function contextConfig({ threads, shards }: ContextThreads): Uint8Array<ArrayBuffer> {
  if (!Number.isInteger(threads) || threads < 1 || threads > 127 * 128) {
    throw new RangeError(
      `Cannot start TensorFlow: expected a positive whole number of threads, received ${threads}`,
    );
  }
  const threadsPerOp = Math.ceil(threads / shards);
  const varint = threadsPerOp < 128
    ? [threadsPerOp]
    : [(threadsPerOp & 127) | 128, threadsPerOp >> 7];
  return Uint8Array.of(
    0x10,
    ...varint,
    0x28,
    Math.min(threads, MAX_PARALLEL_OPS),
    ...META_OPTIMIZER_OFF,
    ...GPU_MEMORY_GROWS,
  );
}

/**
 * ConfigProto bytes: `gpu_options { allow_growth: true }`; by default one process takes all of a
 * GPU's memory.
 */
const GPU_MEMORY_GROWS = [0x32, 0x02, 0x20, 0x01] as const;

/** ConfigProto bytes: `graph_options { rewrite_options { disable_meta_optimizer: true } }`. */
export const META_OPTIMIZER_OFF = [0x52, 0x05, 0x52, 0x03, 0x98, 0x01, 0x01] as const;

/** Creates the context, which lives as long as the process. */
export function createContext(
  symbols: TensorFlowSymbols,
  status: Status,
  { place, ...threads }: ContextOptions,
): Deno.PointerObject {
  const options = notNull(symbols.TFE_NewContextOptions(), "make TensorFlow's context options");
  const own = contextConfig(threads);
  const config = place ? Uint8Array.of(...own, ...leaderConfig()) : own;
  symbols.TFE_ContextOptionsSetConfig(options, config, BigInt(config.length), status.pointer);
  status.check("configure TensorFlow");
  const context = symbols.TFE_NewContext(options, status.pointer);
  status.check("make TensorFlow's context");
  symbols.TFE_DeleteContextOptions(options);
  const made = notNull(context, "make TensorFlow's context");
  if (place) enableCollectives(symbols, made, status, { place, config });
  return made;
}
