/** The growth of a run as one animation, from its sample grids. */
import { join } from "node:path";
import { writeAnimation } from "../../images/mod.ts";
import { listSamples } from "../folder/list_samples.ts";
import { readSamplePath } from "../folder/sample_path.ts";

/** Most frames of the animation; of more grids, those nearest to evenly spread moments are taken. */
const MOST_FRAMES = 60;

/** Milliseconds that each frame stays, and the last. */
const DELAY = 200, LAST_DELAY = 2000;

/**
 * Writes `progress.webp` into a run folder from the grids in `samples/`.
 * @returns whether there was something to animate: two grids at least
 */
export async function writeProgress(folder: string): Promise<boolean> {
  const paths = (await listSamples(folder)).filter((path) =>
    readSamplePath(path)?.extension === "png"
  );
  if (paths.length < 2) return false;
  const chosen = chooseFrames(paths, MOST_FRAMES);
  const frames = chosen.map((path) => join(folder, path));
  const delay = frames.map((_, i) => i === frames.length - 1 ? LAST_DELAY : DELAY);
  await writeAnimation(join(folder, "progress.webp"), frames, { delay });
  return true;
}

/** At most `most` sample grids, in order: the first, the last, and those nearest to moments evenly between, in images. */
export function chooseFrames(paths: readonly string[], most: number): string[] {
  const sorted = paths.toSorted();
  if (sorted.length <= most) return sorted;
  const images = sorted.map((path) => readSamplePath(path)?.imagesSeen ?? 0);
  const first = images[0]!, last = images.at(-1)!; // more than `most`
  const chosen = new Set<string>();
  for (let i = 0, at = 0; i < most; i++) {
    const moment = first + (last - first) * i / (most - 1);
    const away = (j: number) => Math.abs(images[j]! - moment); // j stays inside
    while (at + 1 < images.length && away(at + 1) <= away(at)) at++;
    chosen.add(sorted[at]!);
  }
  return [...chosen];
}
