/** Writes the trainer's output, pictures and checkpoints, to the run folder. */
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
import { readSamplePath, samplePath, sampleScale } from "./sample_path.ts";
import { surplusSamples } from "./thin_samples.ts";
import { LOG_NAME, STATS_NAME } from "./stats_file.ts";
import type { CheckpointEntry, SampleEntry } from "../store/types.ts";
import { PANEL_COLUMNS, panelPath } from "./panel_path.ts";

/** A checkpoint's metadata besides the training's own state. */
export type OutputMeta = Pick<
  CheckpointMeta,
  "plugins" | "config" | "seed" | "dataset" | "fingerprint" | "versions"
>;

/** Options of {@linkcode folderOutput}. */
export interface FolderOutputOptions {
  /** Each checkpoint's metadata on plugins, options, data and machine. */
  meta: OutputMeta;
  /** Number of checkpoints to keep; older ones are removed once a new one is written. */
  keepCheckpoints: number;
  /** Number of sample grids to keep, see `surplusSamples()`; 0: all. */
  keepSamples: number;
  /** Facts that are not part of the state, such as the training time. */
  info(): Record<string, unknown>;
  /** Called for checkpoints found damaged while removing old ones. */
  onDamaged(path: string, reason: string): void;
  /** Called where old checkpoints can't be removed; the new one is written all the same. */
  onUnpruned(reason: string): void;
  /** For tests: called at each point where a crash may interrupt writing a checkpoint. */
  at?: FaultPoint;
}

/**
 * Writes into a run folder; the caller must hold the run's lock.
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
      // Later ones are left from before a resume, and will be overwritten.
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
 * Removes old checkpoints. A failure is only reported, since the new checkpoint is written; the
 * next one tries again.
 * @returns imagesSeen of the removed checkpoints
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
  const scale = sampleScale(width);
  await writeGrid(path, preview, { columns: preview.columns, scale });
  return {
    columns: preview.columns,
    rows: Math.ceil(count / preview.columns),
    cell: width * scale,
  };
}

/**
 * Whether a checkpoint completed a resolution; false for a damaged one, which is not worth keeping.
 */
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

/** The training state in a checkpoint's metadata. */
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
