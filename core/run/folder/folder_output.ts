/** The run folder as the trainer's output: pictures and checkpoints. */
import { join } from "node:path";
import {
  type CheckpointMeta,
  type CheckpointPath,
  CorruptCheckpointError,
  type FaultPoint,
  pruneCheckpoints,
  readManifest,
  writeCheckpoint,
} from "../../checkpoint/mod.ts";
import { writeGrid } from "../../images/mod.ts";
import { messageOf } from "../../text.ts";
import type { HostPreview, RunOutput, Snapshot } from "../../trainer/mod.ts";
import { listSamples } from "./list_samples.ts";
import { cellScale, readSamplePath, samplePath } from "./sample_path.ts";
import { surplusSamples } from "./thin_samples.ts";
import { LOG_NAME, STATS_NAME } from "./stats_file.ts";
import type { CheckpointEntry, SampleEntry } from "../store/types.ts";
import { PANEL_COLUMNS, panelPath } from "./panel_path.ts";

/** What a checkpoint says besides the training's own state. */
export type OutputMeta = Pick<
  CheckpointMeta,
  "plugins" | "config" | "seed" | "dataset" | "fingerprint" | "versions"
>;

/** Options of {@linkcode folderOutput}. */
export interface FolderOutputOptions {
  /** What each checkpoint says of plugins, options, data and machine. */
  meta: OutputMeta;
  /** How many stay; older ones are removed after a new one is safe. */
  keepCheckpoints: number;
  /** How many sample grids stay, see `surplusSamples()`; 0: all. */
  keepSamples: number;
  /** Facts that are not part of the state, such as seconds trained. */
  info(): Record<string, unknown>;
  /** Told of checkpoints that were found damaged while removing old ones. */
  onDamaged(path: string, reason: string): void;
  /** Told why old checkpoints could not be removed; the new one is there. */
  onUnpruned(reason: string): void;
  /** For tests: called before each step of a checkpoint that a crash may cut off. */
  at?: FaultPoint;
}

/**
 * Writes into a run folder. Hold the run's lock meanwhile.
 * @param folder absolute path
 */
export function folderOutput(folder: string, options: FolderOutputOptions): RunOutput {
  return {
    folder,
    async writeSamples(preview, facts) {
      const path = samplePath(facts);
      const cells = await writePreview(join(folder, path), preview);
      const drawn = preview.drawn ? { drawn: [...preview.drawn] } : {};
      const entry: SampleEntry = { ...facts, path, ...cells, ...drawn, time: Date.now() };
      // Later ones are left from before a resume: they are drawn again.
      const soFar = (await listSamples(folder)).filter((other) =>
        (readSamplePath(other)?.imagesSeen ?? Infinity) <= facts.imagesSeen
      );
      return { entry, surplus: surplusSamples(soFar, options.keepSamples) };
    },
    async removeSamples(paths) {
      for (const path of paths) {
        await Deno.remove(join(folder, path)).catch((error) => {
          if (!(error instanceof Deno.errors.NotFound)) throw error;
        });
      }
    },
    async writeReals(preview) {
      await writePreview(join(folder, "reals.png"), preview);
    },
    async writePanel(file, images) {
      // [N, H, W, C]
      const [count, height, width] = images.shape as [number, number, number, number];
      const path = panelPath(file), columns = Math.min(count, PANEL_COLUMNS);
      await writeGrid(join(folder, path), images, { columns });
      return { path, columns, rows: Math.ceil(count / columns), count, cell: { width, height } };
    },
    async writeCheckpoint(snapshot, endOf) {
      const { imagesSeen } = snapshot.state.counters;
      const { path, bytes, digest } = await writeCheckpoint(folder, {
        imagesSeen,
        files: snapshot.files,
        meta: metaOf(snapshot, options, endOf),
        alongside: [STATS_NAME, LOG_NAME],
      }, options.at ? { at: options.at } : {});
      const entry: CheckpointEntry = { imagesSeen, path, bytes, digest, time: Date.now() };
      return { entry, removed: await prune(folder, options) };
    },
  };
}

/**
 * Removes old checkpoints. Where that fails, the next checkpoint tries it again: what has just been
 * written is there, and is not to be told as lost.
 * @returns images seen of those that went
 */
async function prune(
  folder: string,
  { keepCheckpoints: keep, onDamaged, onUnpruned }: FolderOutputOptions,
): Promise<number[]> {
  const removed: number[] = [];
  try {
    await pruneCheckpoints(folder, {
      keep,
      onDamaged,
      onRemoved: ({ imagesSeen }) => void removed.push(imagesSeen),
      isPinned: isEndOfResolution,
    });
  } catch (error) {
    onUnpruned(messageOf(error));
  }
  return removed;
}

async function writePreview(
  path: string,
  preview: HostPreview,
): Promise<Pick<SampleEntry, "columns" | "rows" | "cell">> {
  const [count, , width] = preview.shape as [number, number, number, number]; // [N, R, R, C]
  const scale = cellScale(width);
  await writeGrid(path, preview, { columns: preview.columns, scale });
  return {
    columns: preview.columns,
    rows: Math.ceil(count / preview.columns),
    cell: width * scale,
  };
}

/** Whether a resolution was trained to its end there; a damaged one is not kept for that. */
async function isEndOfResolution({ folder }: CheckpointPath): Promise<boolean> {
  try {
    const { meta } = await readManifest(folder);
    return typeof meta.info.endOf === "number";
  } catch (error) {
    return !(error instanceof CorruptCheckpointError || error instanceof Deno.errors.NotFound);
  }
}

function metaOf(
  { state }: Snapshot,
  { meta, info }: FolderOutputOptions,
  endOf?: number,
): CheckpointMeta {
  const { counters, phases, interval, muted, plugins } = state;
  return {
    ...meta,
    phases,
    counters: { ...counters },
    state: { interval, muted },
    cursor: { train: counters.cursor },
    pluginStates: plugins,
    info: { ...info(), ...(endOf === undefined ? {} : { endOf }) },
  };
}

/** The training's state of a checkpoint that was read. */
export function stateOfMeta(meta: CheckpointMeta): Snapshot["state"] {
  const { imagesSeen, cursor, generator, discriminator, parts = 1 } = meta.counters;
  if (
    imagesSeen === undefined || cursor === undefined || generator === undefined ||
    discriminator === undefined
  ) {
    throw new RangeError(
      "Cannot resume: expected the counters of a run in the checkpoint, received others",
    );
  }
  return {
    counters: { imagesSeen, cursor, generator, discriminator, parts },
    phases: meta.phases,
    interval: meta.state.interval,
    muted: meta.state.muted,
    plugins: meta.pluginStates as Snapshot["state"]["plugins"], // canonical JSON of plain data
  };
}
