/** TensorFlow as a Cambium backend. */
import * as tf from "@tensorflow/tfjs";
import type { Backend, BackendInfo, DeviceChoice, Precision, WorkerPlace } from "../types.ts";
import { createBinding, type TensorFlowRuntime } from "./binding/binding.ts";
import { compileFunction } from "./graph/compiled_function.ts";
import { createGather } from "./graph/gather_rows.ts";
import { NARROW_FUSED_OP } from "./graph/bfloat16_plan.ts";
import { type ContextThreads, createContext, setFlags } from "./binding/context.ts";
import { narrowServer } from "./binding/collectives.ts";
import { listDevices } from "./binding/devices.ts";
import { checkIdleGpus, withModels } from "./gpu_devices.ts";
import { createKernels, type TensorFlowKernels } from "./kernels/kernel_backend.ts";
import type { LocatedLibrary } from "./library/locate.ts";
import { readOpRegistry } from "./binding/op_registry.ts";
import { openLibrary } from "./binding/open.ts";
import { createStatus } from "./binding/status.ts";
import { cpuModel, instructionSets, supportsBfloat16 } from "../cpu_model.ts";
import { counted } from "../../text.ts";

/** Arguments of {@linkcode openTensorFlow}. */
export interface OpenOptions {
  library: LocatedLibrary;
  threads: number;
  shards: number;
  precision: Precision;
  device: DeviceChoice;
  /** This process's place among the workers, if there are several. */
  place?: WorkerPlace | undefined;
  /** Receives warnings: an idle GPU and how to use it, or a server port that is open to all. */
  onSlower(message: string): void;
}

/** A process can load TensorFlow only once: its context and threads can't be recreated. */
let loaded: {
  kernels: TensorFlowKernels;
  folder: string;
  threads: number;
  shards: number;
  device: DeviceChoice;
  place: WorkerPlace | undefined;
  flags: Record<string, string>;
  inTurn: <T>(job: () => Promise<T>) => Promise<T>;
} | undefined;

/**
 * Loads TensorFlow and makes it tfjs's current backend.
 * @throws Error if it can't be loaded, or if this process has loaded it with other options
 */
export async function openTensorFlow(
  { library, threads, shards, precision, device, place, onSlower }: OpenOptions,
): Promise<Backend> {
  if (!loaded) {
    loaded = load(library.folder, { threads, shards, device, place });
    const openReason = place && narrowServer(place);
    if (openReason) onSlower(openServer(openReason));
  }
  const requested = describeLoad(library.folder, { threads, shards, device, place });
  if (describeLoad(loaded.folder, loaded) !== requested) {
    throw new Error(
      `Cannot load TensorFlow twice: expected ${describeLoad(loaded.folder, loaded)} again, ` +
        `received ${requested}. Start another process`,
    );
  }
  const { kernels, flags, inTurn } = loaded;
  await tf.setBackend("tensorflow");
  const { runtime } = kernels.binding;
  const ops = readOpRegistry(runtime.symbols);
  const onProcessor = runtime.devices.every(({ kind }) => kind === "CPU");
  if (onProcessor) checkIdleGpus(device, onSlower);
  const pieces = onProcessor ? shards : 1; // a GPU computes a whole batch at once
  const info: BackendInfo = {
    name: "tensorflow",
    precision,
    library: `TensorFlow ${runtime.version}`,
    origin: library.origin,
    folder: library.folder,
    threads,
    devices: runtime.devices,
    fingerprint: {
      backend: "tensorflow",
      library: runtime.version,
      digest: library.digest,
      platform: `${Deno.build.os}-${Deno.build.arch}`,
      cpu: cpuModel(),
      instructions: instructionSets(),
      devices: runtime.devices.map(({ name, model }) =>
        name.replace(/.*device:/, "") + (model ? ` ${model}` : "")
      ).join(),
      threads: String(threads),
      shards: String(pieces),
      precision,
      ...(place ? { workers: String(place.addresses.length) } : {}),
      ...flags,
    },
  };
  const compileIn = (precision: Precision): Backend["compile"] => {
    const isStateful = (op: string) => ops.stateful.has(op);
    // Builds without oneDNN, or with oneDNN switched off, can't fuse bfloat16 convolutions; GPUs
    // can fuse only some convolutions.
    const hasNarrow = ops.all.has(NARROW_FUSED_OP) && flags.TF_ENABLE_ONEDNN_OPTS !== "0";
    const fuses = onProcessor && (precision === "float32" || hasNarrow);
    const share = place && { workers: place.addresses.length, rank: place.rank };
    const { lost } = place ?? {};
    const context = { kernels, isStateful, precision, shards: pieces, fuses, share, inTurn, lost };
    return (name, fn, options) => compileFunction(context, name, fn, options);
  };
  if (precision === "bfloat16" && onProcessor && !supportsBfloat16()) throw noBfloat16();
  const watchRecording: Backend["watchRecording"] = (listener) => {
    kernels.binding.onRecorded = listener;
  };
  return {
    info,
    ...(place
      ? {
        place,
        gather: createGather({ kernels, inTurn, lost: place.lost }, place.addresses.length),
      }
      : {}),
    compile: compileIn(precision),
    watchRecording,
  };
}

function openServer(reason: string): string {
  return `TensorFlow's port is open at all addresses of this machine, and whoever reaches it can ` +
    `read and write files here: ${reason}. Close it with a firewall, or work in a private network`;
}

function noBfloat16(): RangeError {
  return new RangeError(
    `Cannot train in bfloat16: expected a processor for which TensorFlow has it (AVX-512 or ` +
      `AMX), ` +
      `received ${cpuModel()}. Use float32 (--precision float32)`,
  );
}

interface LoadOptions extends ContextThreads {
  device: DeviceChoice;
  place: WorkerPlace | undefined;
}

function describeLoad(folder: string, { threads, shards, device, place }: LoadOptions): string {
  const on = device === "auto" ? "" : ` on the ${device}`;
  return `${folder}${on} with ${counted(threads, "thread")} and batches in ${shards}` +
    (place ? ` as worker ${place.rank} of ${place.addresses.join()}` : "");
}

function load(folder: string, { threads, shards, device, place }: LoadOptions) {
  const { TF_CPP_MIN_LOG_LEVEL: _, ...flags } = setFlags(); // logging affects no result
  if (device === "cpu") Deno.env.set("CUDA_VISIBLE_DEVICES", "-1"); // read when the context is made
  const { symbols, version } = openLibrary(folder);
  const status = createStatus(symbols);
  const context = createContext(symbols, status, { threads, shards, place });
  const devices = withModels(listDevices(symbols, context, status));
  const runtime: TensorFlowRuntime = { symbols, version, context, status, devices };
  const kernels = createKernels(createBinding(runtime));
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(job: () => Promise<T>): Promise<T> => {
    const next = last.then(job);
    last = next.catch(() => {});
    return next;
  };
  return { kernels, folder, threads, shards, device, place, flags, inTurn };
}
