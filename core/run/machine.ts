/** What a run is computed on. */
import { selectBackend } from "../backend/mod.ts";
import type { Backend, BackendOptions, Precision, WorkerPlace } from "../backend/types.ts";
import type { Notices } from "./notices.ts";

/** What to compute on; everything has a default. */
export interface MachineOptions {
  /** Default "auto": TensorFlow, and WASM where TensorFlow can't be had. */
  backend?: NonNullable<BackendOptions["name"]>;
  /** Threads to compute with. Default: all processors. A run's bits depend on it. */
  threads?: number;
  /** Folder that holds TensorFlow's libraries. */
  tensorflow?: string;
  /** What TensorFlow computes on. Default "auto". */
  device?: NonNullable<BackendOptions["device"]>;
  /** Among the processes that train the run together, where there are several. */
  place?: WorkerPlace | undefined;
  /** False: TensorFlow's library is never fetched. Default true. */
  download?: boolean;
}

/**
 * Whether a backend was given that is open already, and not its name.
 * @throws TypeError where an object is none, such as `{ threads: 2 }`
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
 * @param work "train" shares the threads out among pieces of a batch, "draw" gives all to one
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
 * More threads than processors are taken: a run of a larger machine goes on with its own number,
 * for its bits' sake.
 */
export function warnOfThreads(
  threads: number | undefined,
  notices: Pick<Notices, "warn">,
  processors = navigator.hardwareConcurrency,
): void {
  if (!threads || threads <= processors) return;
  notices.warn(
    `--threads ${threads} are more than this machine's ${
      processors === 1 ? "one processor" : `${processors} processors`
    }: they wait for ` +
      `each other, ` +
      `and a run's bits depend on their number`,
  );
}
