/** Selects the backend that a run computes on. */
import { messageOf } from "../text.ts";
import { checkBackendOptions } from "./check_options.ts";
import { hasBfloat16Instructions } from "./cpu_model.ts";
import type { Backend, BackendName, BackendOptions, Precision } from "./types.ts";

/**
 * Selects a backend and makes it tfjs's current one. A backend's code is loaded only when it is
 * needed. With "auto", WASM is the fallback if TensorFlow is not available, and `onFallback`
 * receives the reason.
 * @throws ConfigError if options exclude each other; Error if the named backend is not available
 */
export async function selectBackend(options: BackendOptions = {}): Promise<Backend> {
  const { name = "auto", onFallback } = options;
  if (name !== "auto") return await open(name, options);
  try {
    return await open("tensorflow", options);
  } catch (error) {
    // Don't fall back if the options themselves are impossible, or if WASM can't do what they ask.
    if (error instanceof RangeError || options.device === "gpu" || options.place) throw error;
    const reason = messageOf(error);
    onFallback?.(
      `Training on the WASM backend, which is many times slower, in float32: ${reason}`,
    );
    return await open("wasm", { ...options, precision: "float32" });
  }
}

async function open(name: BackendName, options: BackendOptions): Promise<Backend> {
  const { threads = navigator.hardwareConcurrency } = options;
  if (!Number.isSafeInteger(threads) || threads < 1) {
    throw new RangeError(
      `Cannot compute: expected a positive whole number of threads, received ${threads}`,
    );
  }
  checkBackendOptions({ ...options, name });
  const precision = precisionOf(name, options);
  switch (name) {
    case "tensorflow": {
      const { openLocated } = await import("./tensorflow/mod.ts");
      return await openLocated(options, {
        threads,
        precision,
        shards: shardsOf(threads, options),
        device: options.device ?? "auto",
        place: options.place,
        onSlower: (message) => options.onFallback?.(message),
      });
    }
    case "wasm":
      return await (await import("./wasm.ts")).openWasm();
    case "webgpu":
      return await (await import("./webgpu.ts")).openWebGpu(options.onFallback);
    case "cpu":
      return await (await import("./cpu.ts")).openCpu();
  }
}

/** More shards than this were not measured, and each would be small. */
const MAX_SHARDS = 4;

/**
 * As many shards as threads, rounded down to a power of 2, because most batch sizes are divisible
 * by powers of 2.
 */
function shardsOf(threads: number, { shards = 1 }: BackendOptions): number {
  if (shards === "auto") return 2 ** Math.floor(Math.log2(Math.min(threads, MAX_SHARDS)));
  if (Number.isInteger(shards) && shards >= 1 && shards <= threads) return shards;
  throw new RangeError(
    `Cannot split batches: expected 1 to ${threads} shards, one per thread, received ${shards}`,
  );
}

function precisionOf(name: BackendName, { precision = "float32" }: BackendOptions): Precision {
  if (precision !== "auto") return precision;
  return name === "tensorflow" && hasBfloat16Instructions() ? "bfloat16" : "float32";
}
