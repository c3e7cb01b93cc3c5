/** The run that a new run starts from (`--from`): its options, and the weights of a checkpoint. */
import { firstBlockOf } from "../config/mod.ts";
import type { DatasetInfo } from "../data.ts";
import { type Phase, phaseAt } from "../schedule.ts";
import type { AdoptedWeights } from "../trainer/mod.ts";
import type { RunFolder } from "./folder/run_folder.ts";
import { loadCheckpoint, type PlacedCheckpoint } from "./load_checkpoint.ts";
import type { Notices } from "./notices.ts";
import { chooseRun, type RunPlaces } from "./places.ts";
import { parseRunAt } from "./run_at.ts";
import { RunError } from "./run_error.ts";
import { counted } from "../text.ts";
import type { SpecFile } from "./spec/new_spec.ts";
import type { RunSpec, SavedRun } from "./spec/run_spec.ts";
import { readSavedRun } from "./spec/saved_run.ts";

/** A source run's record and one of its checkpoints. */
export interface WeightSource {
  readonly run: RunFolder;
  readonly saved: SavedRun;
  readonly checkpoint: PlacedCheckpoint;
}

/**
 * Opens the run that `--from` names.
 * @param text RUN or RUN@CHECKPOINT
 * @throws RunError where there is no such run or checkpoint
 */
export async function openWeightSource(
  text: string,
  places: Pick<RunPlaces, "runs">,
  notices: Pick<Notices, "log" | "warn">,
): Promise<WeightSource> {
  const { run: wanted, checkpoint } = parseRunAt(text);
  const run = await chooseRun(places, wanted, notices);
  const saved = await readSavedRun(run, "begin from");
  return { run, saved, checkpoint: await loadCheckpoint(run, checkpoint, notices, "begin from") };
}

/**
 * The source's options as defaults of a new run, which starts at the resolution that the checkpoint
 * has learned, with the source's first block. Limits of the source's length are left out: the new
 * run counts its own images.
 */
export function optionsOfSource({ run, saved, checkpoint }: WeightSource): SpecFile {
  const { plugins, preset, data, machine, options: ofPlugins } = saved;
  const { images: _images, stopAfter: _stop, decayPeriods: _periods, ...options } = saved.run;
  return {
    from: `the options of ${run.id}`,
    values: {
      ...options,
      ...Object.assign({}, ...Object.values(ofPlugins)),
      firstBlock: firstBlockOf({ ...options, firstBlock: options.firstBlock ?? 0 }),
      startResolution: learnedResolution(checkpoint),
    },
    run: { plugins, preset, data, machine, options: ofPlugins },
    isSource: true,
  };
}

/** The origin of a new run's weights, as its configuration records it. */
export function originOf({ run, checkpoint }: WeightSource): NonNullable<RunSpec["from"]> {
  const { path, manifest: { digest } } = checkpoint;
  return { run: run.id, checkpoint: path, digest };
}

/** The phase that a checkpoint's networks are in. */
function phaseOf({ manifest: { meta, imagesSeen } }: PlacedCheckpoint): Phase {
  return phaseAt(meta.phases, imagesSeen).phase;
}

/** The highest resolution that has faded in completely, px. */
function learnedResolution(checkpoint: PlacedCheckpoint): number {
  const { endOf } = checkpoint.manifest.meta.info;
  if (typeof endOf === "number") return endOf;
  const phase = phaseOf(checkpoint);
  return phase.kind === "fade" ? phase.resolution / 2 : phase.resolution;
}

/** Maximum number of paths in a message. */
const LISTED = 4;

/**
 * Describes, in one line, which weights were taken over.
 * @throws RunError where nothing fits
 */
export function describeAdopted(
  { run, checkpoint }: WeightSource,
  adopted: readonly AdoptedWeights[],
): string {
  const source = `${run.id} at ${checkpoint.imagesSeen} images`;
  if (adopted.every(({ taken }) => taken.length === 0)) {
    throw new RunError(
      `Cannot begin from ${source}: expected weights that fit the new networks, received none. ` +
        `Leave out --plugin and options of its networks, which are then the run's own`,
    );
  }
  return `Weights of ${source}: ` + adopted.map(({ network, taken, fresh, left }) => {
    const total = taken.length + fresh.length;
    return `${taken.length} of ${total} arrays of the ${network}` +
      (fresh.length > 0 ? ` (new: ${listed(fresh)})` : "") +
      (left.length > 0 ? ` (not taken: ${listed(left)})` : "");
  }).join("; ");
}

/**
 * Warnings about weights that were not taken over, or that the new data gives another meaning, one
 * per reason.
 */
export function warningsOf(
  source: WeightSource,
  adopted: readonly AdoptedWeights[],
  data: Pick<DatasetInfo, "labels" | "classes">,
): string[] {
  return [
    warningOfShapes(source, adopted),
    warningOfLeft(source, adopted),
    warningOfClasses(source, data),
  ].filter((warning) => warning !== undefined);
}

/**
 * Warns of trained arrays that have no place in the new networks: fewer blocks, no classes any
 * more, or a start below the learned resolution. Ignores a resolution that was still fading in,
 * since the new run fades it in itself.
 */
export function warningOfLeft(
  { run, checkpoint }: WeightSource,
  adopted: readonly AdoptedWeights[],
): string | undefined {
  const present = phaseOf(checkpoint).resolution,
    isFading = learnedResolution(checkpoint) < present;
  const fading = new RegExp(`(^|/)${present}px(/|$)`);
  const lost = adopted.flatMap(({ network, fresh, left }) => {
    const known = new Set(fresh);
    const gone = left.filter((path) => !known.has(path) && !(isFading && fading.test(path)));
    return gone.length > 0
      ? [`${counted(gone.length, "trained array")} of the ${network} (${listed(gone)})`]
      : [];
  });
  if (lost.length === 0) return;
  return `${lost.join(" and ")} of ${run.id} have no place in the new networks, and are left ` +
    `behind. Where they are wanted, leave out options that make the networks smaller, such as a ` +
    `lower --start-resolution`;
}

/**
 * Warns where most of a network starts fresh because its arrays have other shapes, for example
 * because a preset has other widths.
 */
export function warningOfShapes(
  { run }: WeightSource,
  adopted: readonly AdoptedWeights[],
): string | undefined {
  const lost = adopted.flatMap(({ network, taken, fresh, left }) => {
    const known = new Set(left), reshaped = fresh.filter((path) => known.has(path)).length;
    return reshaped > taken.length ? [`${reshaped} arrays of the ${network}`] : [];
  });
  if (lost.length === 0) return;
  return `${
    lost.join(" and ")
  } have other shapes than in ${run.id} and begin anew: options of the ` +
    `networks, such as those of a --preset, differ from that run's. Its config.json has them; give ` +
    `them as flags to keep what it learned`;
}

/**
 * Warns where the new data has as many classes as the source's, but others: what was learned of a
 * class is then taken over by its number.
 */
export function warningOfClasses(
  { run, saved: { dataset: before } }: Pick<WeightSource, "run" | "saved">,
  { labels, classes }: Pick<DatasetInfo, "labels" | "classes">,
): string | undefined {
  if (labels.length !== before.labels.length) return; // other shapes: they begin anew
  const first = labels.findIndex((label, i) => label !== before.labels[i]);
  if (first < 0 && classes?.of === before.classes?.of) return;
  const pair = classes || before.classes
    ? "class 0 begins with the weights of that run's class 0"
    : `"${labels[first]}" begins with the weights of "${before.labels[first]}"`;
  return `the ${labels.length} classes are others than in ${run.id}, and take over its weights by ` +
    `their order: ${pair}. To begin without classes, give ` +
    (classes ? "--clusters 0" : "--no-labels");
}

function listed(paths: readonly string[]): string {
  const more = paths.length - LISTED;
  return paths.slice(0, LISTED).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
