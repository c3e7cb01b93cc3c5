/**
 * Keeps the checkpoint with the lowest sliced Wasserstein distance (SWD), even after newer
 * checkpoints have replaced it. It is a run folder of its own, `best/RUN` inside the run's folder,
 * which every command accepts (`--run runs/RUN/best/RUN`).
 */
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { ConfigError, definePlugin, messageOf, object } from "../../core/mod.ts";

/** The contents of `best.json`, which describe the checkpoint beside it. */
export interface Best {
  /** SWD × 10³, from the last measurement before the checkpoint. */
  swd: number;
  /** px a side. SWDs of different resolutions cannot be compared; the higher resolution wins. */
  resolution: number;
  imagesSeen: number;
}

export default definePlugin({
  name: "best",
  description: "Keeps the checkpoint with the lowest SWD in the run's folder best",
  kind: "add-on",
  config: object({}),
  /** The newest measurement; -1 before the first one at a resolution. */
  state: () => ({ swd: -1, resolution: 0 }),
  panels: {
    best: {
      kind: "table",
      title: "Best checkpoint",
      note:
        "By SWD, the lowest at the largest resolution. It stays when newer ones push others out.",
      columns: ["images seen", "resolution", "SWD"],
    },
  },
  prepare({ run }) {
    if (run.metricsEvery > 0) return Promise.resolve();
    return Promise.reject(
      new ConfigError(
        "Cannot keep the best checkpoint: expected measurements of SWD, received " +
          "--metrics-every 0. " +
          `Add --metrics-every ${run.checkpointEvery}, as often as checkpoints are written`,
      ),
    );
  },
  hooks: {
    measured({ state, phase }, metrics) {
      const swd = metrics["metric/swd"];
      if (swd !== undefined) Object.assign(state, { swd, resolution: phase.resolution });
    },
    checkpoint({ imagesSeen, log, phase, show, state }, { folder, path }) {
      const { swd, resolution } = state;
      // nothing has been measured yet at this resolution
      if (folder === "" || swd < 0 || resolution !== phase.resolution) return;
      finishKeeping(folder);
      const now: Best = { swd, resolution, imagesSeen }, before = readBest(folder);
      if (before && !isBetter(now, before)) return;
      keep(folder, path, now);
      show("best", [[imagesSeen, `${resolution} px`, Number(swd.toPrecision(4))]]);
      log(
        `Best checkpoint so far: SWD ${
          Number(swd.toPrecision(3))
        } at ${resolution} px, ${imagesSeen} images, ` +
          `kept as ${keptIn(folder)}`,
      );
    },
  },
});

/** Whether the new checkpoint replaces the one that is kept. */
export function isBetter(now: Best, kept: Best): boolean {
  // the run was reset to an earlier checkpoint and has taken another path
  if (kept.imagesSeen > now.imagesSeen) return true;
  if (now.resolution !== kept.resolution) return now.resolution > kept.resolution;
  return now.swd < kept.swd;
}

/** Reads which checkpoint a run folder keeps; undefined if it keeps none. */
function readBest(runFolder: string): Best | undefined {
  try {
    // keep() wrote it
    return JSON.parse(Deno.readTextFileSync(join(runFolder, "best", "best.json"))) as Best;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw new Error(
      `Cannot read what best/best.json keeps: ${messageOf(error)}. Remove the run's folder best: ` +
        `the next checkpoint is kept then`,
      { cause: error },
    );
  }
}

/** The kept run folder. It has the run's own name, because the name tells which model it is. */
export function keptIn(runFolder: string): string {
  return join(runFolder, "best", basename(runFolder));
}

/**
 * Builds the kept folder from the run's configuration and one checkpoint. Checkpoint files are
 * hard-linked where the file system supports it.
 */
function keep(runFolder: string, path: string, best: Best): void {
  const fresh = join(runFolder, "best.tmp");
  Deno.removeSync(ensureFolder(fresh), { recursive: true });
  const run = join(fresh, basename(runFolder));
  const from = join(runFolder, path), to = join(run, "checkpoints", basename(path));
  Deno.mkdirSync(to, { recursive: true });
  for (const { name } of Deno.readDirSync(from)) linkOrCopy(join(from, name), join(to, name));
  Deno.copyFileSync(join(runFolder, "config.json"), join(run, "config.json"));
  // written last: its presence marks the folder as complete
  Deno.writeTextFileSync(join(fresh, "best.json"), JSON.stringify(best));
  if (existsSync(join(runFolder, "best"))) {
    Deno.renameSync(join(runFolder, "best"), join(runFolder, "best.old"));
  }
  finishKeeping(runFolder);
}

/**
 * Moves a complete new folder into place and removes the old one. It also finishes a replacement
 * that an earlier process was interrupted in; otherwise it does nothing.
 */
function finishKeeping(runFolder: string): void {
  const target = join(runFolder, "best"), fresh = join(runFolder, "best.tmp");
  if (!existsSync(target) && existsSync(join(fresh, "best.json"))) Deno.renameSync(fresh, target);
  Deno.removeSync(ensureFolder(join(runFolder, "best.old")), { recursive: true });
}

/** Makes sure that a folder exists, so that removing it cannot fail. */
function ensureFolder(folder: string): string {
  Deno.mkdirSync(folder, { recursive: true });
  return folder;
}

/**
 * Links a file, or copies it where links are not supported. Linking is safe because a checkpoint's
 * files never change.
 */
function linkOrCopy(from: string, to: string): void {
  try {
    Deno.linkSync(from, to);
  } catch {
    Deno.copyFileSync(from, to);
  }
}
