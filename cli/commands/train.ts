/** `deno task train`: starts or resumes a run. */
import { type Command, Option } from "commander";
import { checkBackendOptions } from "../../core/backend/mod.ts";
import { runSchema } from "../../core/config/mod.ts";
import { inOrder, type RunPlugins } from "../../core/plugin/mod.ts";
import { PLUGINS } from "../../plugins/registry.ts";
import { valuesOf } from "../flags/argv.ts";
import { readConfigFile } from "../flags/config_file.ts";
import { UsageError } from "../errors.ts";
import type { InspectPlace } from "../../core/run/data/inspect_command.ts";
import { loadPlugins } from "../../core/run/load_plugin.ts";
import { addFields, parseColour, parseShare } from "../flags/fields.ts";
import { preparePlugins } from "../../core/run/prepare_plugins.ts";
import { printPlan } from "../terminal/print_plan.ts";
import { printProfile } from "../terminal/print_profile.ts";
import { openRunDataset } from "../../core/run/data/run_dataset.ts";
import { modelOf, type RunSpec } from "../../core/run/run_spec.ts";
import { defaultRuns } from "../../core/run/typed_folder.ts";
import { readSavedRun } from "../../core/run/saved_run.ts";
import { newSession, resumedSession } from "../../core/run/session.ts";
import { createStatus } from "../terminal/status.ts";
import { trainSession } from "../terminal/train_session.ts";
import { type Known, type TrainFlags, trainSpec } from "../flags/train_flags.ts";
import { warnOfSkipped } from "../../core/run/data/warn_of_skipped.ts";
import { addMachine } from "../flags/machine_flags.ts";
import { addPlaces } from "../flags/place_flags.ts";
import { selectRunBackend } from "../../core/run/machine.ts";
import { chooseRun, type RunPlaces } from "../../core/run/places.ts";

/** What `--data` takes. */
const DATA_HELP = {
  images: "Folder, .zip or npm:PACKAGE of images, or emoji:SUBSET (default: emoji)",
  sketches:
    "Quick, Draw! .ndjson, DoodlerGAN .json or .svg; folder, .zip or npm:PACKAGE of them (default: icons)",
};

/** The plugin that is trained when none is named. */
const DEFAULT_PLUGIN = "stylegan";

/** Adds the command; its flags depend on the plugins that `argv` names. */
export async function register(program: Command, argv: string[]): Promise<void> {
  const resuming = valuesOf(argv, "--resume").length > 0 || argv.includes("--resume");
  const runs = valuesOf(argv, "--runs").at(-1) ?? defaultRuns();
  const helps = argv.includes("--help");
  const saved = resuming && !helps
    ? await savedSpec({ runs }, valuesOf(argv, "--resume").at(-1))
    : undefined;
  const path = valuesOf(argv, "--config").at(-1);
  const file = path !== undefined && !resuming && !helps ? await readConfigFile(path) : undefined;
  const before = saved ?? file?.run;
  const named = valuesOf(argv, "--plugin");
  const specifiers = named.length > 0
    ? named
    : before?.plugins?.map((p) => p.specifier) ?? [DEFAULT_PLUGIN];
  const loaded = await loadPlugins(specifiers);
  const model = loaded.model.plugin;
  const kind = model.data ?? "images";
  if (saved) expectSameModel(saved, model.name);
  const sameModel = before?.plugins?.some(({ name }) => name === model.name);
  const presetBefore = sameModel ? before?.preset ?? undefined : undefined;
  const presetName = valuesOf(argv, "--preset").at(-1) ?? presetBefore ?? model.defaultPreset;
  const defaults = saved
    ? { ...saved.run, ...Object.assign({}, ...Object.values(saved.options)) }
    : model.presets?.[presetName ?? ""]?.values ?? {};
  const presets = Object.entries(model.presets ?? {}).map(([name, p]) =>
    `${name}: ${p.description}`
  );

  const command = program.command("train")
    .description("Train a GAN that grows by resolution, or go on with one")
    .optionsGroup("Run:")
    .addOption(
      new Option(
        "--plugin <name-or-path>",
        `Model, or add-on beside one; may be repeated: ${
          Object.keys(PLUGINS).join(", ")
        }, or a path ` +
          `(default: ${DEFAULT_PLUGIN})`,
      )
        .argParser((text: string, before: string[] | undefined) => [...(before ?? []), text]),
    )
    .option(
      "--preset <name>",
      presets.length === 0
        ? "Named options of the model; this one has none"
        : `Named options of the model (default: ${model.defaultPreset ?? "none"}). ${
          presets.join("; ")
        }`,
    )
    .option(
      "--config <file>",
      'JSON file of options, such as {"fadeImages": 60000}, or a run\'s own config.json',
    )
    .option("--resume [run]", "Go on with a run: its number, name or folder (default: the newest)")
    .option("--force", "Resume although the data or options changed; the run is then not exact")
    .option("--name <word>", "Name in the run folder (default: the data's)")
    .option("--dry-run", "Print the plan with measured times and memory, and train nothing")
    .option(
      "--profile [file]",
      "Write a Chrome trace of the last resolution's steps, and train nothing",
    )
    .option("--web", "Open the dashboard beside training")
    .option("--json", "Print the result (or the plan) as JSON on standard output")
    .optionsGroup("Data:")
    .option("--data <source>", DATA_HELP[kind])
    .addOption(
      new Option("--fit <way>", "How images become squares").choices([
        "cover",
        "contain",
        "stretch",
      ]).default("cover").hideHelp(kind === "sketches"),
    )
    .addOption(
      new Option("--background <colour>", "Under transparent images").argParser(parseColour)
        .default("#ffffff").hideHelp(kind === "sketches"),
    )
    .addOption(new Option("--grey", "Train on one channel").hideHelp(kind === "sketches"))
    .addOption(
      new Option("--held-out <share>", "Share of the data kept for previews and metrics").argParser(
        parseShare,
      ).default(0.05),
    )
    .option("--cache <folder>", "Where prepared data is kept (default: the user's cache)");
  addPlaces(command);
  addMachine(command);
  addFields(command, runSchema, "Training:", defaults);
  for (const { plugin } of inOrder(loaded)) {
    addFields(command, plugin.config, `Plugin ${plugin.name}:`, defaults);
  }
  const known: Known = { loaded, saved, file, preset: presetName };
  command.action((flags: TrainFlags) => runTrain(flags, command, known));
}

/** @throws UsageError where `--plugin` names another model than that of the run that goes on */
function expectSameModel(saved: RunSpec, model: string): void {
  const before = modelOf(saved);
  if (before.name === model) return;
  throw new UsageError(
    `Cannot resume with --plugin ${model}: expected the run's own model, ${before.name}, which --plugin can't change. ` +
      `Leave --plugin out, or start a new run (without --resume)`,
  );
}

async function savedSpec(places: RunPlaces, wanted: string | undefined): Promise<RunSpec> {
  return await readSavedRun(await chooseRun(places, wanted), "resume");
}

async function runTrain(flags: TrainFlags, command: Command, known: Known): Promise<void> {
  const { loaded, saved } = known;
  const status = createStatus(flags.json);
  const spec = trainSpec(flags, command, known);
  checkBackendOptions({
    name: spec.machine.backend,
    device: flags.device,
    precision: spec.run.precision,
  });
  status.progress("Opening the data …");
  const dataset = await openRunDataset(spec, loaded, status, flags.cache);
  warnOfSkipped(dataset.info, inspectPlace(spec, loaded, flags.cache), status);
  status.progress("Loading the backend …");
  const machine = { ...flags, backend: spec.machine.backend, threads: spec.machine.threads };
  const backend = await selectRunBackend(
    machine,
    { precision: spec.run.precision, work: "train" },
    status,
  );
  status.done();
  try {
    await preparePlugins(spec, loaded, status);
    if (flags.dryRun) {
      return await printPlan({ spec, loaded, dataset, backend, json: flags.json === true });
    }
    if (flags.profile) {
      const file = flags.profile === true ? "profile.json" : flags.profile;
      const json = flags.json === true;
      return await printProfile({ spec, loaded, dataset, backend, file, json });
    }
    const options = { spec, loaded, dataset, backend, notices: status };
    const session = saved
      ? await resumedSession(
        options,
        await chooseRun(flags, flags.resume === true ? undefined : flags.resume),
        flags.force === true,
      )
      : await newSession(options, { runs: flags.runs, name: flags.name });
    try {
      await trainSession(session, {
        flags,
        spec,
        dataset,
        status,
        resumed: saved !== undefined,
      });
    } finally {
      session.lock.release();
      session.training.dispose();
    }
  } finally {
    dataset.close();
  }
}

function inspectPlace(
  { run, data }: RunSpec,
  loaded: RunPlugins,
  cache: string | undefined,
): InspectPlace {
  return {
    resolution: run.resolution,
    fit: data.fit,
    background: data.background,
    grey: data.channels === 1,
    skipSmaller: loaded.model.plugin.skipSmaller === true,
    cache,
  };
}
