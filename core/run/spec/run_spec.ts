/** What a run is made of, as `config.json` in its folder keeps it. */
import type { BackendName } from "../../backend/types.ts";
import type { Config, RunConfig } from "../../config/mod.ts";
import type { DatasetInfo, ImageChannels } from "../../data.ts";
import type { RunPlan } from "./run_plan.ts";

/** Where the images come from and how they become squares. */
export interface DataSpec {
  /** A folder, a .zip, `shards:TARS`, `npm:PACKAGE` or a name. Absent: the kind's own set. */
  source?: string;
  /** How an image that is not square becomes one. */
  fit: "cover" | "contain" | "stretch";
  /** Under transparent images, "#rrggbb". */
  background: string;
  channels: ImageChannels;
  /** Share kept for previews and metrics, 0 … 0.9. */
  heldOut: number;
}

/** The machine's part. */
export interface MachineSpec {
  /** What computes it; "auto" is the fastest that there is. */
  backend: BackendName | "auto";
  /** Threads to compute with; 0: all processors. */
  threads: number;
}

/** A resolved run. */
export interface RunSpec {
  /** Of the Cambium that resolved it. */
  version: string;
  /** The model first, and the words that find each again. */
  plugins: { name: string; specifier: string }[];
  preset: string | null;
  run: RunConfig;
  /** Options of each plugin by its name. */
  options: Record<string, Config>;
  data: DataSpec;
  machine: MachineSpec;
  /** The run and checkpoint that its first weights are of, where it began with another's. */
  from?: { run: string; checkpoint: string; digest: string };
  /** Where its phases were planned from a budget: the newest plan. */
  plan?: RunPlan;
}

/**
 * What `config.json` holds: the run, and facts of its data that building its networks again needs.
 */
export interface SavedRun extends RunSpec {
  /** Counts, labels, digest. */
  dataset: Omit<DatasetInfo, "skipped">;
}

/** The model of a run as it is saved: `config.json` lists it before the add-ons. */
export function modelOf({ plugins }: Pick<RunSpec, "plugins">): RunSpec["plugins"][number] {
  return plugins[0]!; // readSavedRun() asserts it, newSpec() lists it
}

/** What to write into `config.json`. */
export function savedRun(spec: RunSpec, info: DatasetInfo): SavedRun & Record<string, unknown> {
  const { skipped: _skipped, ...dataset } = info; // may be long; the data's cache lists them
  return { ...spec, dataset };
}
