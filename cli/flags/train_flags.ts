/** Turns the flags of `train` into the specification of a run. */
import type { Command } from "commander";
import { runSchema } from "../../core/config/mod.ts";
import { inOrder, type RunPlugins } from "../../core/plugin/mod.ts";
import {
  newSpec,
  resumedSpec,
  type RunRequest,
  type SpecFile,
} from "../../core/run/spec/new_spec.ts";
import type { RunPlaces } from "../../core/run/places.ts";
import type { RunSpec, SavedRun } from "../../core/run/spec/run_spec.ts";
import { originOf, type WeightSource } from "../../core/run/weight_source.ts";
import { channelsOf } from "../../core/run/data/image_channels.ts";
import { UsageError } from "../errors.ts";
import { givenFields } from "./fields.ts";
import type { MachineFlags } from "./machine_flags.ts";
import type { WorkerFlags } from "./worker_flags.ts";

/** Flags of `train` that are not options of the run or of a plugin. */
export interface TrainFlags extends RunPlaces, MachineFlags, WorkerFlags {
  plugin?: string[];
  preset?: string;
  config?: string;
  resume?: string | true;
  from?: string;
  force?: true;
  minutes?: number;
  hours?: number;
  name?: string;
  dryRun?: true;
  profile?: string | true;
  web?: true;
  port?: number;
  json?: true;
  data?: string;
  fit: RunSpec["data"]["fit"];
  background: string;
  grey?: boolean;
  transparent?: boolean;
  heldOut: number;
  cache?: string;
  shardCache: number;
}

/**
 * What `--plugin`, `--resume`, `--config` and `--preset` resolved to; the other flags depend on it.
 */
export interface TrainBase {
  loaded: RunPlugins;
  saved: SavedRun | undefined; // the run that is resumed
  file: SpecFile | undefined;
  source: WeightSource | undefined; // where a new run takes its initial weights from
  preset: string | undefined;
}

/**
 * The specification of the run. A new run is built from preset, file and flags; a resumed one from
 * what was saved, then flags.
 */
export function trainSpec(
  flags: TrainFlags,
  command: Command,
  { loaded, saved, file, source, preset }: TrainBase,
): RunSpec {
  const request = requestOf(flags, command, loaded);
  if (!saved) {
    const spec = newSpec(loaded, request, { preset, file });
    return source ? { ...spec, from: originOf(source) } : spec;
  }
  rejectWithResume(flags);
  return resumedSpec(loaded, saved, request, flags.force === true);
}

/**
 * The time budget in minutes.
 * @throws UsageError where it is given twice
 */
export function budgetOf(
  { minutes, hours }: Pick<TrainFlags, "minutes" | "hours">,
): number | undefined {
  if (minutes !== undefined && hours !== undefined) {
    throw new UsageError(
      `Cannot use --minutes ${minutes} with --hours ${hours}: expected one budget, received ` +
        `two. Leave one out`,
    );
  }
  return hours === undefined ? minutes : hours * 60;
}

/** What the user typed; the default values of flags are left out. */
function requestOf(flags: TrainFlags, command: Command, loaded: RunPlugins): RunRequest {
  const isTyped = (name: keyof TrainFlags) => command.getOptionValueSource(name) === "cli";
  const schemas = [runSchema, ...inOrder(loaded).map(({ plugin }) => plugin.config)];
  const { data, fit, background, heldOut, backend, threads } = flags;
  const channels = channelsOf(flags);
  return {
    values: Object.assign({}, ...schemas.map((schema) => givenFields({ ...flags }, schema))),
    data: {
      ...(data === undefined ? {} : { source: data }),
      ...(isTyped("fit") ? { fit } : {}),
      ...(isTyped("background") ? { background } : {}),
      ...(channels === undefined ? {} : { channels }),
      ...(isTyped("heldOut") ? { heldOut } : {}),
    },
    minutes: budgetOf(flags),
    machine: {
      ...(isTyped("backend") ? { backend } : {}),
      ...(threads === undefined ? {} : { threads }),
    },
  };
}

/** Flags that apply only to a new run, and what to do instead. */
const ONLY_NEW: [flag: "preset" | "config" | "name" | "from", instead: string][] = [
  ["preset", "give the preset's options themselves"],
  ["config", "give the file's options themselves"],
  ["from", "go back to a checkpoint of the run itself (--resume RUN@CHECKPOINT)"],
  ["name", "leave --name out: a run keeps its folder"],
];

function rejectWithResume(flags: TrainFlags): void {
  for (const [flag, instead] of ONLY_NEW) {
    if (flags[flag] === undefined) continue;
    throw new UsageError(
      `Cannot use --${flag} with --resume: expected what the run was made with, received --${flag} ${
        flags[flag]
      }. Start a new run (without --resume), or ${instead}`,
    );
  }
}
