/** `deno task train`: starts or resumes a run. */
import { type Command, Option } from "commander";
import { runSchema } from "../../core/config/mod.ts";
import type { WorkerPlace } from "../../core/backend/types.ts";
import { expectWritableFile } from "../../core/expect_writable.ts";
import { inOrder } from "../../core/plugin/mod.ts";
import { beginRun } from "../../core/run/session/begin_run.ts";
import { continueRun } from "../../core/run/session/continue_run.ts";
import { loadPlugins } from "../../core/run/plugins/load_plugins.ts";
import { expectSameModel } from "../../core/run/spec/new_spec.ts";
import { chooseRun, placesOf, tellOfGone } from "../../core/run/places.ts";
import { followPlan } from "../../core/run/session/follow_plan.ts";
import { followRun } from "../../core/run/session/follow_run.ts";
import { planRun } from "../../core/run/session/plan_run.ts";
import { prepareRun } from "../../core/run/session/prepare_run.ts";
import { configPath, readSavedRun } from "../../core/run/spec/saved_run.ts";
import { expectRunFolder, expectRunsFolder } from "../../core/run/session/expect_runs_folder.ts";
import { expectName } from "../../core/run/folder/run_folder.ts";
import { parseRunAt } from "../../core/run/run_at.ts";
import { DEFAULT_PLUGIN } from "../../core/run/start_run.ts";
import { openWeightSource, optionsOfSource } from "../../core/run/weight_source.ts";
import { createTrainingRun } from "../../core/run/session/training_run.ts";
import { defaultRuns } from "../../core/run/typed_folder.ts";
import { clusterPlace } from "../../core/workers/cluster_place.ts";
import { messageOf } from "../../core/text.ts";
import { PLUGINS } from "../../plugins/registry.ts";
import { EXIT, exitCodeOf, UsageError } from "../errors.ts";
import { trainLaunched } from "../workers/train_launched.ts";
import { type OpenWatch, openWatch } from "../workers/open_watch.ts";
import { stopSignals } from "../terminal/stop_signals.ts";
import { valuesOf } from "../flags/argv.ts";
import { readConfigFile } from "../flags/config_file.ts";
import {
  addFields,
  parseAmount,
  parseColour,
  parseNumber,
  parsePort,
  parseShare,
} from "../flags/fields.ts";
import { addMachine } from "../flags/machine_flags.ts";
import { addPlaces } from "../flags/place_flags.ts";
import { trustOf, trustOption } from "../flags/trust_flag.ts";
import { budgetOf, type TrainBase, type TrainFlags, trainSpec } from "../flags/train_flags.ts";
import { addWorkers } from "../flags/worker_flags.ts";
import { printPlan } from "../terminal/print_plan.ts";
import { printProfile } from "../terminal/print_profile.ts";
import { createStatus } from "../terminal/status.ts";
import { trainInTerminal } from "../terminal/train_in_terminal.ts";

/** Help for `--data`. */
const DATA_HELP = {
  images: "Folder, .zip, shards:TARS or npm:PACKAGE of images, or emoji:SUBSET (default: emoji)",
  sketches: "Quick, Draw! .ndjson, DoodlerGAN .json or .svg; folder, .zip or npm:PACKAGE of them " +
    "(default: icons)",
};

/** Adds the command, whose flags depend on the plugins that `argv` names. */
export async function register(program: Command, argv: string[]): Promise<void> {
  const resuming = valuesOf(argv, "--resume").length > 0 || argv.includes("--resume");
  const from = valuesOf(argv, "--from").at(-1);
  const runs = valuesOf(argv, "--runs").at(-1) ?? defaultRuns();
  const helps = argv.includes("--help");
  const folder = resuming && !helps
    ? await chooseRun({ runs }, parseRunAt(valuesOf(argv, "--resume").at(-1)).run)
    : undefined;
  const saved = folder && await readSavedRun(folder, "resume");
  const path = valuesOf(argv, "--config").at(-1);
  const isNew = !resuming && !helps;
  const source = from !== undefined && isNew
    ? await openWeightSource(from, { runs }, createStatus(false))
    : undefined;
  const file = path !== undefined && isNew
    ? await readConfigFile(path)
    : source && optionsOfSource(source);
  const before = saved ?? file?.run;
  const named = valuesOf(argv, "--plugin");
  const specifiers = named.length > 0
    ? named
    : before?.plugins?.map((p) => p.specifier) ?? [DEFAULT_PLUGIN];
  const loaded = await loadPlugins(specifiers, {
    // Plugins that the user types need no confirmation of trust; those that a file names do.
    from: named.length > 0 || !before?.plugins
      ? undefined
      : folder
      ? configPath(folder)
      : path ?? (source && configPath(source.run)),
    trust: trustOf(argv.includes("--trust")),
  });
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
    .description("Train a progressively growing GAN, or resume a run")
    .optionsGroup("Run:")
    .addOption(
      new Option(
        "--plugin <name-or-path>",
        `Model, or add-on for one; may be repeated: ${
          Object.keys(PLUGINS).join(", ")
        }, or a path ` +
          `(default: ${DEFAULT_PLUGIN})`,
      ).argParser((text: string, before: string[] | undefined) => [...(before ?? []), text]),
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
    .option(
      "--resume [run]",
      "Resume a run, given by number, name or folder (default: the newest); RUN@120000 goes " +
        "back to that checkpoint",
    )
    .option(
      "--from <run>",
      "Start a new run with the weights of another, RUN or RUN@120000, as far as they fit; " +
        "the options of that run are the defaults",
    )
    .addOption(trustOption())
    .addOption(
      new Option(
        "--minutes <number>",
        "Measure the speed and plan the phases so that the run ends after this time, with the " +
          "learning rate annealed; with --resume: from the checkpoint on",
      ).argParser(parseAmount),
    )
    .addOption(new Option("--hours <number>", "The same, in hours").argParser(parseAmount))
    .option("--force", "Resume even if the data or options have changed; the run is then not exact")
    .option(
      "--name <word>",
      "Name of the run, for --resume and --run (default: the name of the data)",
    )
    .option("--dry-run", "Print the plan with measured times and memory, without training")
    .option(
      "--profile [file]",
      "Write a Chrome trace of the steps of the last resolution, without training",
    )
    .option("--web", "Open the dashboard during training")
    .addOption(
      new Option("--port <number>", "Port for --web (default: a free port)").argParser(parsePort),
    )
    .option("--json", "Print the result (or the plan) as JSON to standard output")
    .optionsGroup("Data:")
    .option("--data <source>", DATA_HELP[kind])
    .addOption(
      new Option("--fit <way>", "How images are made square").choices([
        "cover",
        "contain",
        "stretch",
      ]).default("cover").hideHelp(kind === "sketches"),
    )
    .addOption(
      new Option("--background <colour>", "Background of transparent images").argParser(parseColour)
        .default("#ffffff").hideHelp(kind === "sketches"),
    )
    .addOption(
      new Option("--grey", "Train on greyscale images, one channel").hideHelp(kind === "sketches"),
    )
    .addOption(
      new Option("--no-grey", "Train in colour even though the run of --from is grey").hideHelp(
        kind === "sketches",
      ),
    )
    .addOption(
      new Option("--transparent", "Train on opacity as a fourth channel, to draw cut-outs")
        .hideHelp(kind === "sketches"),
    )
    .addOption(
      new Option("--no-transparent", "Train without opacity even though the run of --from has it")
        .hideHelp(kind === "sketches"),
    )
    .addOption(
      new Option("--held-out <share>", "Share of the data held out for previews and metrics")
        .argParser(parseShare).default(0.05),
    )
    .option("--cache <folder>", "Folder for prepared data (default: the user's cache)")
    .addOption(
      new Option(
        "--shard-cache <GiB>",
        "Disk space for images decoded from shards, so that each is decoded only once",
      ).argParser(parseNumber).default(0).hideHelp(kind === "sketches"),
    );
  addPlaces(command);
  addMachine(command);
  addWorkers(command);
  addFields(command, runSchema, "Training:", defaults);
  for (const { plugin } of inOrder(loaded)) {
    addFields(command, plugin.config, `Plugin ${plugin.name}:`, defaults);
  }
  const base: TrainBase = { loaded, saved, file, source, preset: presetName };
  command.action((flags: TrainFlags) => {
    const trains = !flags.dryRun && !flags.profile, isLaunched = (flags.workers ?? 1) > 1;
    return trains && (isLaunched || flags.restarts)
      ? trainLaunched(flags, argv)
      : runTrain(flags, command, base);
  });
}

async function runTrain(flags: TrainFlags, command: Command, base: TrainBase): Promise<void> {
  if (flags.name !== undefined) expectName(flags.name);
  const isAlone = flags.dryRun || flags.profile || flags.workers === 1;
  const { listen } = flags, found = isAlone ? undefined : clusterPlace(flags);
  if (!found) {
    if (listen === undefined) return await trainAs(flags, command, base);
    throw new UsageError(
      `Cannot use --listen ${listen} with one worker: expected --cluster beside it`,
    );
  }
  const place = { ...found, ...(listen ? { listen } : {}) };
  const watch = await openWatch({ ...flags, place }, createStatus(true));
  try {
    await trainAs(flags, command, base, { place: { ...place, lost: watch.lost }, watch });
  } catch (error) {
    await watch.leave(exitCodeOf(error), messageOf(error));
    throw error;
  }
  await watch.leave(EXIT.ok, "");
}

/** Trains; `place` and `watch` are absent where this process trains alone. */
async function trainAs(
  flags: TrainFlags,
  command: Command,
  base: TrainBase,
  { place, watch }: { place?: WorkerPlace; watch?: OpenWatch } = {},
): Promise<void> {
  const { loaded, saved } = base, json = flags.json === true;
  const known = saved ?? base.source?.saved;
  const status = createStatus(flags.json || (place && place.rank > 0) ? true : undefined);
  const { run: wanted, checkpoint } = parseRunAt(flags.resume === true ? undefined : flags.resume);
  const folder = saved && await chooseRun(flags, wanted, status);
  const profile = flags.profile === true ? "profile.json" : flags.profile;
  const writes = !place || place.rank === 0; // worker 0 writes for all workers
  if (profile !== undefined && !flags.dryRun) await expectWritableFile(profile);
  else if (writes && !folder) await expectRunsFolder(flags.runs);
  else if (writes && folder && !flags.dryRun) await expectRunFolder(folder);
  const prepared = await prepareRun({
    spec: trainSpec(flags, command, base),
    loaded,
    machine: { ...flags, place },
    cache: flags.cache,
    shardCache: flags.shardCache,
    ...(known ? { before: { ...known, goesOn: saved !== undefined } } : {}),
    notices: status,
  });
  try {
    const minutes = budgetOf(flags);
    if (folder && !wanted) await tellOfGone(flags.runs, folder, status);
    if (flags.dryRun) return await printPlan(prepared, { folder, checkpoint, minutes, json });
    if (profile !== undefined) return await printProfile(prepared, profile, json);
    if (place && place.rank > 0) {
      const signals = stopSignals(() => {});
      const { signal } = signals;
      const { source } = base, workers = watch ? { workers: watch } : {};
      const planned = minutes === undefined ? prepared : await followPlan(prepared);
      return await followRun(planned, { folder, at: checkpoint, source, signal, ...workers })
        .finally(() => signals.dispose());
    }
    const budget = minutes === undefined ? undefined : { minutes }, { runs, name } = flags;
    const session = folder
      ? await continueRun(prepared, folder, { force: flags.force === true, budget, at: checkpoint })
      : await beginRun(
        budget ? (await planRun(prepared, budget)).prepared : prepared,
        { runs, name },
        base.source,
      );
    watch?.tellRun(session.folder.id);
    const places = placesOf(flags, session.folder);
    using run = createTrainingRun(session, places);
    await trainInTerminal(run, { ...flags, ...places }, status, watch);
  } finally {
    prepared.dataset.close();
  }
}
