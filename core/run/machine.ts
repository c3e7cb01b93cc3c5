/** Selects what a run is computed on. */
import { selectBackend } from "../backend/mod.ts";
import type { Backend, BackendOptions, Precision, WorkerPlace } from "../backend/types.ts";
import type { Notices } from "./notices.ts";

/** What to compute on; all options have defaults. */
export interface MachineOptions {
  /** Default "auto": TensorFlow, or WASM where TensorFlow is not available. */
  backend?: NonNullable<BackendOptions["name"]>;
  /** Number of threads. Default: all processors. A run's exact results depend on it. */
  threads?: number;
  /** Folder with TensorFlow's libraries. */
  tensorflow?: string;
  /** TensorFlow's device. Default "auto". */
  device?: NonNullable<BackendOptions["device"]>;
  /** This process's place in distributed training. */
  place?: WorkerPlace | undefined;
  /** Whether TensorFlow's library may be downloaded. Default true. */
  download?: boolean;
}

/**
 * Whether a backend was given as an open backend rather than a name.
 * @throws TypeError where it is an object but no backend, such as `{ threads: 2 }`
 */
export function isOpen(backend: string | Backend | undefined): backend is Backend {
  if (typeof backend !== "object") return false;
  if (typeof backend.compile === "function" && backend.info) return true;
  throw new TypeError(
    `Cannot compute: expected backend to be a name such as "tensorflow", or a backend that was ` +
      `opened, received an object with ${Object.keys(backend).join(", ") || "nothing in it"}. ` +
      `threads, device, tensorflow and download are options beside it`,
  );
}

/**
 * Selects the backend of a run.
 * @param work "train" divides the threads among shards of a batch, "draw" gives all to one
 * operation
 */
export function selectRunBackend(
  machine: MachineOptions,
  { precision, work }: { precision: Precision | "auto"; work: "train" | "draw" },
  notices: Notices,
): Promise<Backend> {
  const { backend = "auto", threads, tensorflow, device = "auto", download = true, place } =
    machine;
  warnOfThreads(threads, notices);
  return selectBackend({
    name: backend,
    precision,
    ...(work === "train" ? { shards: "auto" as const } : {}),
    device,
    download,
    place,
    ...(threads ? { threads } : {}),
    ...(tensorflow ? { tensorflow } : {}),
    onProgress: ({ message, fraction }) => notices.progress(message, fraction),
    onFallback: (message) => notices.warn(message),
  });
}

/**
 * Warns of more threads than processors. They are allowed, since a run from a larger machine needs
 * its original number of threads to continue exactly.
 */
export function warnOfThreads(
  threads: number | undefined,
  notices: Pick<Notices, "warn">,
  processors = navigator.hardwareConcurrency,
): void {
  if (!threads || threads <= processors) return;
  notices.warn(
    `--threads ${threads} is more than this machine's ` +
      `${processors === 1 ? "one processor" : `${processors} processors`}: threads wait for each ` +
      `other, and a run's exact results depend on their number`,
  );
}
