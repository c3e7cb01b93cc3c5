/** TensorFlow's eager context: threads and switches that fix a run's bits. */
import { notNull, type Status } from "./status.ts";
import type { TensorFlowSymbols } from "./symbols.ts";
import type { WorkerPlace } from "../../types.ts";
import { enableCollectives, leaderConfig } from "./collectives.ts";

/** What the environment must say before TensorFlow is loaded. */
export interface Flags {
  /** "1": kernels whose order of sums is fixed; unseeded random ops throw. */
  TF_DETERMINISTIC_OPS: string;
  /** "1" uses oneDNN's convolutions and products. */
  TF_ENABLE_ONEDNN_OPTS: string;
  /** The widest instruction set oneDNN may take; part of a run's bits. */
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
 * Sets the environment that TensorFlow reads when it loads; a user's own setting wins.
 * @returns what is in force, for the fingerprint
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
 * Ops that may run at once. Where one op leaves a thread idle, another that does not depend on it
 * takes it (the scores of reals and of fakes, a layer's two gradients). Each op still computes the
 * same bits, whatever runs beside it.
 */
const MOST_OPS_AT_ONCE = 4;

/** How a context's threads are shared out. */
export interface ContextThreads {
  threads: number;
  /** Pieces of a batch that are computed at once; each op then has its share of the threads. */
  shards: number;
}

/** What {@linkcode createContext} makes. */
export interface ContextOptions extends ContextThreads {
  /** Among the processes that compute together, where there are several. */
  place?: WorkerPlace | undefined;
}

/**
 * A serialized ConfigProto: `intra_op_parallelism_threads` (2), `inter_op_parallelism_threads` (5),
 * `graph_options.rewrite_options.disable_meta_optimizer` (10 . 10 . 19). Grappler's constant
 * folding would make a replay differ from the eager computation.
 */
export function contextConfig({ threads, shards }: ContextThreads): Uint8Array<ArrayBuffer> {
  if (!Number.isInteger(threads) || threads < 1 || threads > 127 * 128) {
    throw new RangeError(
      `Cannot start TensorFlow: expected a positive whole number of threads, received ${threads}`,
    );
  }
  const ofOneOp = Math.ceil(threads / shards);
  const varint = ofOneOp < 128 ? [ofOneOp] : [(ofOneOp & 127) | 128, ofOneOp >> 7];
  return Uint8Array.of(
    0x10,
    ...varint,
    0x28,
    Math.min(threads, MOST_OPS_AT_ONCE),
    ...META_OPTIMIZER_OFF,
    ...GPU_MEMORY_GROWS,
  );
}

/**
 * ConfigProto bytes: `gpu_options { allow_growth: true }`; otherwise one process takes the whole
 * GPU.
 */
const GPU_MEMORY_GROWS = [0x32, 0x02, 0x20, 0x01] as const;

/** ConfigProto bytes: `graph_options { rewrite_options { disable_meta_optimizer: true } }`. */
export const META_OPTIMIZER_OFF = [0x52, 0x05, 0x52, 0x03, 0x98, 0x01, 0x01] as const;

/** Makes the context; it lives as long as the process. */
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
