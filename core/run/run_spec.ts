/** What a run is made of, as `config.json` in its folder keeps it. */
import type { BackendName } from "../backend/types.ts";
import type { Config, RunConfig } from "../config/mod.ts";
import type { DatasetInfo } from "../data.ts";

/** Where the images come from and how they become squares. */
export interface DataSpec {
  source?: string; // absent: the plugin's default
  fit: "cover" | "contain" | "stretch";
  background: string;
  channels: 1 | 3;
  heldOut: number;
}

/** The machine's part. */
export interface MachineSpec {
  backend: BackendName | "auto";
  threads: number; // 0: all processors
}

/** A resolved run. */
export interface RunSpec {
  version: string;
  plugins: { name: string; specifier: string }[];
  preset: string | null;
  run: RunConfig;
  /** Options of each plugin by its name. */
  options: Record<string, Config>;
  data: DataSpec;
  machine: MachineSpec;
}

/** What `config.json` holds: the run, and facts of its data that building its networks again needs. */
export interface SavedRun extends RunSpec {
  dataset: Omit<DatasetInfo, "skipped">;
}

/** The model of a run as it is saved: `config.json` lists it before the add-ons. */
export function modelOf({ plugins }: Pick<RunSpec, "plugins">): RunSpec["plugins"][number] {
  return plugins[0]!; // readSavedRun() asserts it, trainSpec() lists it
}

/** What to write into `config.json`. */
export function savedRun(spec: RunSpec, info: DatasetInfo): SavedRun & Record<string, unknown> {
  const { skipped: _skipped, ...dataset } = info; // may be long; the data's cache lists them
  return { ...spec, dataset };
}
