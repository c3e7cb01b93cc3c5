/** Selecting the backend with the terminal told of downloads and fallbacks. */
import { type Command, Option } from "commander";
import { type Backend, type BackendOptions, type Precision, selectBackend } from "../core/mod.ts";
import { parsePositive } from "./options.ts";
import type { Status } from "./terminal/status.ts";

/** Flags of {@linkcode addMachine}. */
export interface MachineOptions {
  backend: NonNullable<BackendOptions["name"]>;
  threads?: number;
  tensorflow?: string;
  device: NonNullable<BackendOptions["device"]>;
  download: boolean;
}

/** Adds `--backend`, `--device`, `--threads`, `--tensorflow` and `--no-download`. */
export function addMachine(command: Command): Command {
  return command.optionsGroup("Machine:")
    .addOption(
      new Option("--backend <name>", "Where tensors are computed")
        .choices(["auto", "tensorflow", "webgpu", "wasm", "cpu"]).default("auto"),
    )
    .addOption(
      new Option("--device <kind>", "What TensorFlow computes on; gpu fetches its CUDA build once")
        .choices(["auto", "cpu", "gpu"]).default("auto"),
    )
    .addOption(
      new Option("--threads <number>", "Threads to compute with (default: all processors)")
        .argParser(parsePositive),
    )
    .addOption(new Option("--tensorflow <folder>", "Folder that holds TensorFlow's libraries"))
    .addOption(new Option("--no-download", "Never fetch TensorFlow's library"));
}

/**
 * Selects the backend as the flags say.
 * @param use "train" shares the threads out among pieces of a batch, "draw" gives all to one operation
 */
export function chooseBackend(
  options: MachineOptions,
  { precision, use }: { precision: Precision | "auto"; use: "train" | "draw" },
  status: Status,
): Promise<Backend> {
  warnOfThreads(options.threads, status);
  return selectBackend({
    name: options.backend,
    precision,
    ...(use === "train" ? { shards: "auto" as const } : {}),
    device: options.device,
    download: options.download,
    ...(options.threads ? { threads: options.threads } : {}),
    ...(options.tensorflow ? { tensorflow: options.tensorflow } : {}),
    onProgress: ({ message, fraction }) => status.update(message, fraction),
    onFallback: (message) => status.warn(message),
  });
}

/** More threads than processors are taken: a run of a larger machine goes on with its own number, for its bits' sake. */
export function warnOfThreads(
  threads: number | undefined,
  status: Pick<Status, "warn">,
  processors = navigator.hardwareConcurrency,
): void {
  if (!threads || threads <= processors) return;
  status.warn(
    `--threads ${threads} are more than this machine's ${processors} processors: they wait for each other, ` +
      `and a run's bits depend on their number`,
  );
}
