/** The growth of a run as one animation, from its sample grids. */
import { join } from "node:path";
import { writeAnimation } from "../../images/mod.ts";

/** Most frames of the animation; of more grids, evenly chosen ones are taken. */
const MOST_FRAMES = 60;

/** Milliseconds that each frame stays, and the last. */
const DELAY = 200, LAST_DELAY = 2000;

/**
 * Writes `progress.webp` into a run folder from the grids in `samples/`.
 * @returns whether there was something to animate: two grids at least
 */
export async function writeProgress(folder: string): Promise<boolean> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(join(folder, "samples"))) {
    if (/^\d+-\d+px-(fade|stabilize)(-live)?\.png$/.test(name)) names.push(name);
  }
  names.sort();
  if (names.length < 2) return false;
  const step = Math.max(1, (names.length - 1) / (MOST_FRAMES - 1));
  const count = Math.min(names.length, MOST_FRAMES);
  const chosen = Array.from({ length: count }, (_, i) => names[Math.round(i * step)]!); // inside by `step`
  const frames = chosen.map((name) => join(folder, "samples", name));
  const delay = frames.map((_, i) => i === frames.length - 1 ? LAST_DELAY : DELAY);
  await writeAnimation(join(folder, "progress.webp"), frames, { delay });
  return true;
}
