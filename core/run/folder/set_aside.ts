/** Takes a run's folder back to a checkpoint: everything later is moved aside. */
import { basename, join } from "node:path";
import { findCheckpoints, padImages } from "../../checkpoint/paths.ts";
import { listSamples } from "./list_samples.ts";
import { readStats, STATS_NAME } from "./stats_file.ts";

/** What was moved, and where. */
export interface SetAside {
  /** Relative to the run folder. */
  path: string;
  checkpoints: number;
  samples: number;
  /**
   * Later points of the curves. `stats.jsonl` is copied: the run's own file continues without them.
   */
  points: number;
}

/**
 * Moves checkpoints and sample grids after `imagesSeen` to `abandoned/`, with a copy of the curves
 * where they have later points. The caller must hold the run's lock. The newest checkpoint is moved
 * first, so that a crash in between leaves a run that can be resumed.
 */
export async function setAsideAfter(folder: string, imagesSeen: number): Promise<SetAside> {
  const checkpoints = (await findCheckpoints(folder)).filter((c) => c.imagesSeen > imagesSeen)
    .toReversed().map((c) => c.path);
  const samples = (await listSamples(folder)).filter((path) =>
    parseInt(basename(path), 10) > imagesSeen
  );
  const points = (await readStats(folder)).filter((point) => point.imagesSeen > imagesSeen).length;
  const path = await freePath(folder, `abandoned/${padImages(Math.max(0, imagesSeen))}`);
  if (points > 0) {
    await Deno.mkdir(join(folder, path), { recursive: true });
    await Deno.copyFile(join(folder, STATS_NAME), join(folder, path, STATS_NAME));
  }
  for (const moved of [...checkpoints, ...samples]) {
    await Deno.mkdir(join(folder, path, moved, ".."), { recursive: true });
    await Deno.rename(join(folder, moved), join(folder, path, moved));
  }
  return { path, checkpoints: checkpoints.length, samples: samples.length, points };
}

/** `path`, or with a suffix -1, -2 … where the run was taken back to the same checkpoint before. */
async function freePath(folder: string, path: string): Promise<string> {
  for (let attempt = 0;; attempt++) {
    const tried = attempt === 0 ? path : `${path}-${attempt}`;
    const isTaken = await Deno.lstat(join(folder, tried)).then(() => true, () => false);
    if (!isTaken) return tried;
  }
}
