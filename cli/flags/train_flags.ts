/** What `train` is asked for, as a run. */
import type { Command } from "commander";
import { COMMAND_LINE, resolveConfig, runSchema } from "../../core/config/mod.ts";
import { inOrder, type RunPlugins } from "../../core/plugin/mod.ts";
import type { ConfigFile } from "./config_file.ts";
import { UsageError } from "../errors.ts";
import { savedSource } from "../../core/run/data/saved_source.ts";
import { givenFields } from "./fields.ts";
import { resolveAll, resolveOptions, type RunSpec } from "../../core/run/run_spec.ts";
import { VERSION } from "../../core/run/version.ts";
import type { MachineFlags } from "./machine_flags.ts";
import type { RunPlaces } from "../../core/run/places.ts";

/** Flags of the command that are no option of the run or a plugin. */
export interface TrainFlags extends RunPlaces, MachineFlags {
  plugin?: string[];
  preset?: string;
  config?: string;
  resume?: string | true;
  force?: true;
  name?: string;
  dryRun?: true;
  profile?: string | true;
  web?: true;
  json?: true;
  data?: string;
  fit: RunSpec["data"]["fit"];
  background: string;
  grey?: true;
  heldOut: number;
  cache?: string;
}

/** What was read before the flags were. */
export interface Known {
  loaded: RunPlugins;
  saved: RunSpec | undefined; // of the run that goes on
  file: ConfigFile | undefined;
  preset: string | undefined;
}

/** The resolved run: new ones from preset, file and flags; resumed ones from what was saved, then flags. */
export function trainSpec(
  flags: TrainFlags,
  command: Command,
  { loaded, saved, file, preset }: Known,
): RunSpec {
  if (saved) refuseWithResume(flags);
  const before = saved ?? file?.run;
  const given = Object.assign(
    {},
    ...[runSchema, ...inOrder(loaded).map(({ plugin }) => plugin.config)].map((s) =>
      givenFields({ ...flags }, s)
    ),
  );
  const typed = (name: string) => command.getOptionValueSource(name) === "cli";
  const { plugin } = loaded.model;
  const idle = plugin.data === "sketches" ? OF_IMAGES.find(typed) : undefined;
  if (idle !== undefined) {
    throw new UsageError(
      `Cannot use --${idle}: expected a model of images, received ${plugin.name}, which learns from drawings. Leave it out`,
    );
  }
  const keep = <T>(name: keyof TrainFlags, now: T, before: T | undefined): T =>
    before !== undefined && !typed(name) ? before : now;
  const resolved = saved
    ? {
      preset: saved.preset,
      ...resolveAll(loaded, [
        {
          from: "the saved run",
          values: { ...saved.run, ...Object.assign({}, ...Object.values(saved.options)) },
        },
        { from: COMMAND_LINE, values: given },
      ]),
    }
    : resolveOptions(loaded, { preset, file: file && wholeFile(file, loaded), flags: given });
  const source = flags.data === undefined
    ? before?.data?.source
    : savedSource(flags.data, plugin.data ?? "images");
  return {
    version: VERSION,
    plugins: inOrder(loaded).map(({ plugin, specifier }) => ({ name: plugin.name, specifier })),
    ...resolved,
    data: {
      ...(source === undefined ? {} : { source }),
      fit: keep("fit", flags.fit, before?.data?.fit),
      background: keep("background", flags.background, before?.data?.background),
      channels: keep("grey", flags.grey ? 1 : 3, before?.data?.channels),
      heldOut: keep("heldOut", flags.heldOut, before?.data?.heldOut),
    },
    machine: {
      backend: keep("backend", flags.backend, before?.machine?.backend),
      threads: keep("threads", flags.threads ?? 0, before?.machine?.threads),
    },
  };
}

/** A run's own record says all: options that are younger than it are as they were when it was made, not as in a preset. */
function wholeFile(file: ConfigFile, loaded: RunPlugins): ConfigFile {
  if (!file.run?.plugins) return file;
  const defaults = resolveConfig(inOrder(loaded).map(({ plugin }) => plugin.config), []);
  return { ...file, values: Object.assign({}, ...defaults, file.values) };
}

/** Flags of images only. */
const OF_IMAGES = ["fit", "background", "grey"] as const;

/** What is said of a run once, when it begins, and what to do instead. */
const ONLY_NEW: [flag: "preset" | "config" | "name", instead: string][] = [
  ["preset", "give the preset's options themselves"],
  ["config", "give the file's options themselves"],
  ["name", "leave --name out: a run keeps its folder"],
];

function refuseWithResume(flags: TrainFlags): void {
  for (const [flag, instead] of ONLY_NEW) {
    if (flags[flag] === undefined) continue;
    throw new UsageError(
      `Cannot use --${flag} with --resume: expected what the run was made with, received --${flag} ${
        flags[flag]
      }. Start a new run (without --resume), or ${instead}`,
    );
  }
}
