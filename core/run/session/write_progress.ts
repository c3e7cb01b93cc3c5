/** Writes an animation of a run's progress from its sample grids. */
import { join } from "node:path";
import type { RunConfig } from "../../config/mod.ts";
import { writeAnimation } from "../../images/mod.ts";
import { listSamples } from "../folder/list_samples.ts";
import { readSamplePath } from "../folder/sample_path.ts";

/** Maximum number of frames; of more grids, those closest to evenly spaced moments are chosen. */
const MOST_FRAMES = 60;

/** Duration of each frame and of the last one, milliseconds. */
const DELAY = 200, LAST_DELAY = 2000;

/**
 * Writes `progress.webp`, `progress.gif` or both into a run folder from the grids in `samples/`.
 * @returns names of the written files; empty where there are fewer than two grids
 */
export async function writeProgress(
  folder: string,
  kind: RunConfig["progress"] = "webp",
): Promise<string[]> {
  const paths = (await listSamples(folder)).filter((path) =>
    readSamplePath(path)?.extension === "png"
  );
  if (paths.length < 2) return [];
  const chosen = chooseFrames(paths, MOST_FRAMES);
  const frames = chosen.map((path) => join(folder, path));
  const delay = frames.map((_, i) => i === frames.length - 1 ? LAST_DELAY : DELAY);
  const written = (kind === "both" ? ["webp", "gif"] : [kind]).map((end) => `progress.${end}`);
  for (const name of written) await writeAnimation(join(folder, name), frames, { delay });
  return written;
}

/**
 * Chooses at most `most` sample grids, in order: the first, the last, and those closest to evenly
 * spaced moments in between, by images seen.
 */
export function chooseFrames(paths: readonly string[], most: number): string[] {
  const sorted = paths.toSorted();
  if (sorted.length <= most) return sorted;
  const images = sorted.map((path) => readSamplePath(path)?.imagesSeen ?? 0);
  const first = images[0]!, last = images.at(-1)!; // not empty
  const chosen = new Set<string>();
  for (let i = 0, at = 0; i < most; i++) {
    const moment = first + (last - first) * i / (most - 1);
    const away = (j: number) => Math.abs(images[j]! - moment); // j is in range
    while (at + 1 < images.length && away(at + 1) <= away(at)) at++;
    chosen.add(sorted[at]!);
  }
  return [...chosen];
}
