/** The specification of a run, as stored in `config.json` in its folder. */
import type { BackendName } from "../../backend/types.ts";
import type { Config, RunConfig } from "../../config/mod.ts";
import type { DatasetInfo, ImageChannels } from "../../data.ts";
import type { RunPlan } from "./run_plan.ts";

/** Where the images come from and how they are made square. */
export interface DataSpec {
  /**
   * A folder, a .zip, `shards:TARS`, `npm:PACKAGE` or a name. Absent: the default data set for the
   * kind of data.
   */
  source?: string;
  /** How images that are not square are made square. */
  fit: "cover" | "contain" | "stretch";
  /** Background of transparent images, "#rrggbb". */
  background: string;
  channels: ImageChannels;
  /** Fraction held out for previews and metrics, 0 … 0.9. */
  heldOut: number;
}

/** What the run is computed on. */
export interface MachineSpec {
  /** The backend; "auto": the fastest available. */
  backend: BackendName | "auto";
  /** Number of threads; 0: all processors. */
  threads: number;
}

/** A resolved run. */
export interface RunSpec {
  /** Version of Cambium that resolved it. */
  version: string;
  /** Names and specifiers of the plugins, the model first. */
  plugins: { name: string; specifier: string }[];
  preset: string | null;
  run: RunConfig;
  /** Options of each plugin by plugin name. */
  options: Record<string, Config>;
  data: DataSpec;
  machine: MachineSpec;
  /** The run and checkpoint that its initial weights came from, if any. */
  from?: { run: string; checkpoint: string; digest: string };
  /** The newest plan, if its phases were planned from a budget. */
  plan?: RunPlan;
}

/**
 * The content of `config.json`: the run, and the facts about its data needed to rebuild its
 * networks.
 */
export interface SavedRun extends RunSpec {
  /** Counts, labels, digest. */
  dataset: Omit<DatasetInfo, "skipped">;
}

/** The model of a run: the first of its plugins. */
export function modelOf({ plugins }: Pick<RunSpec, "plugins">): RunSpec["plugins"][number] {
  return plugins[0]!; // ensured by readSavedRun() and newSpec()
}

/** The content to write to `config.json`. */
export function savedRun(spec: RunSpec, info: DatasetInfo): SavedRun & Record<string, unknown> {
  const { skipped: _skipped, ...dataset } = info; // it may be long, and the data's cache has it
  return { ...spec, dataset };
}
