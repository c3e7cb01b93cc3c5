/**
 * Keeps the checkpoint with the lowest sliced Wasserstein distance, however many newer ones push it
 * out: as a run folder of its own, `best/RUN` inside the run's, from which every command draws
 * (`--run runs/RUN/best/RUN`).
 */
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { ConfigError, definePlugin, messageOf, object } from "../../core/mod.ts";

/** What `best.json` says of the checkpoint beside it. */
export interface Best {
  /** SWD × 10³, as it was measured last before the checkpoint. */
  swd: number;
  /** px a side. SWD of two resolutions can't be compared: the larger one is better. */
  resolution: number;
  imagesSeen: number;
}

export default definePlugin({
  name: "best",
  description: "Keeps the checkpoint with the lowest SWD in the run's folder best",
  kind: "add-on",
  config: object({}),
  /** The newest measurement; -1 before the first of a resolution. */
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
      // nothing measured yet
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

/** Whether a checkpoint takes the place of the one that is kept. */
export function isBetter(now: Best, kept: Best): boolean {
  if (kept.imagesSeen > now.imagesSeen) return true; // the run went back and goes another way
  if (now.resolution !== kept.resolution) return now.resolution > kept.resolution;
  return now.swd < kept.swd;
}

/** What is kept in a run folder; undefined where nothing is. */
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

/** The run folder that is kept; named as the run, since its name says the model. */
export function keptIn(runFolder: string): string {
  return join(runFolder, "best", basename(runFolder));
}

/**
 * Fills the folder: the run's configuration and one checkpoint, whose files are shared where the
 * disk can.
 */
function keep(runFolder: string, path: string, best: Best): void {
  const fresh = join(runFolder, "best.tmp");
  Deno.removeSync(existing(fresh), { recursive: true });
  const run = join(fresh, basename(runFolder));
  const from = join(runFolder, path), to = join(run, "checkpoints", basename(path));
  Deno.mkdirSync(to, { recursive: true });
  for (const { name } of Deno.readDirSync(from)) share(join(from, name), join(to, name));
  Deno.copyFileSync(join(runFolder, "config.json"), join(run, "config.json"));
  // the last file: a folder that has it is whole
  Deno.writeTextFileSync(join(fresh, "best.json"), JSON.stringify(best));
  if (existsSync(join(runFolder, "best"))) {
    Deno.renameSync(join(runFolder, "best"), join(runFolder, "best.old"));
  }
  finishKeeping(runFolder);
}

/**
 * Gives a whole new folder its name and removes the old one: also where the process ended before
 * it came to that. Elsewhere it changes nothing.
 */
function finishKeeping(runFolder: string): void {
  const target = join(runFolder, "best"), fresh = join(runFolder, "best.tmp");
  if (!existsSync(target) && existsSync(join(fresh, "best.json"))) Deno.renameSync(fresh, target);
  Deno.removeSync(existing(join(runFolder, "best.old")), { recursive: true });
}

/** Makes a folder, so that it can be removed. */
function existing(folder: string): string {
  Deno.mkdirSync(folder, { recursive: true });
  return folder;
}

/** A checkpoint's files never change: a second name costs no room, where the disk has such. */
function share(from: string, to: string): void {
  try {
    Deno.linkSync(from, to);
  } catch {
    Deno.copyFileSync(from, to);
  }
}
