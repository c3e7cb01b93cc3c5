import { Random, type Seed } from "../random.ts";
import { gatherPatches, type PatchSet, patchSize, patchStatistics } from "./patches.ts";
import { pauser } from "./pauser.ts";
import type { Project } from "./project.ts";
import { fastestProject } from "./project_tfjs.ts";
import { floatSorter } from "./sort_floats.ts";

/** Number of directions in ProGAN: 4 repeats × 128, whose mean of means is the mean over all. */
export const DIRECTIONS = 4 * 128;

/** Options with defaults. */
export interface SlicedWassersteinOptions {
  /**
   * Default `projectWithTfjs`, or `projectInJavaScript` if tfjs only has its own JavaScript
   * backend.
   */
  project?: Project;
  /** Bytes of projections held in memory at once. Default 256 MiB. */
  memoryBytes?: number;
  /** Receives the fraction of the work done, 0 … 1. */
  onProgress?: (fraction: number) => void;
}

/**
 * Sliced Wasserstein distances (Rabin et al. 2011) of patch sets from the first one: the mean over
 * directions and ranks of |sorted projections − the first set's|. Each set is normalized per
 * channel on its own. Lets the event loop run between pieces of work.
 * @param sets two or more, with the same number of patches
 * @param directions [K, size * size * C], unit vectors over a patch (rows, columns, channels)
 * @returns one distance for each set after the first
 * @throws RangeError if the sets hold different numbers of patches
 */
export async function slicedWasserstein(
  sets: readonly PatchSet[],
  directions: Float32Array,
  options: SlicedWassersteinOptions = {},
): Promise<number[]> {
  const { project = fastestProject(), memoryBytes = 2 ** 28, onProgress } = options;
  const first = sets[0];
  const n = first?.corners.length ?? 0;
  if (!first || n === 0 || sets.some((set) => set.corners.length !== n)) {
    throw new RangeError(
      `Cannot compare patches: expected equally many in each set, received ` +
        `${
          sets.map((set) => set.corners.length).join(" and ") || "no set"
        }. Add as many images to each.`,
    );
  }
  const length = patchSize(first.images.resolution) ** 2 * first.images.channels;
  const count = directions.length / length;
  const pass = Math.max(1, Math.min(count, Math.floor(memoryBytes / (4 * n * sets.length))));
  const pause = pauser(), sort = floatSorter(n);
  const scales: Awaited<ReturnType<typeof patchStatistics>>[] = [];
  for (const set of sets) scales.push(await patchStatistics(set));
  const sums = sets.slice(1).map(() => 0);
  for (let start = 0; start < count; start += pass) {
    const part = directions.subarray(start * length, Math.min(start + pass, count) * length);
    const projections: Float32Array[] = [];
    for (const [s, set] of sets.entries()) {
      projections.push(
        await projectSet(set, scales[s]!, part, length, project, async (share) => {
          const done = (start + part.length / length * (s + share) / sets.length) / count;
          onProgress?.(Math.min(1, done));
          await pause();
        }),
      );
    }
    for (let k = 0; k < part.length / length; k++) {
      const [reference, ...others] = projections.map((all) => all.subarray(k * n, (k + 1) * n));
      sort(reference!); // there are two sets or more
      for (const [s, other] of others.entries()) {
        sort(other);
        let sum = 0;
        for (let i = 0; i < n; i++) sum += Math.abs(other[i]! - reference![i]!);
        sums[s]! += sum;
        await pause();
      }
    }
  }
  onProgress?.(1);
  return sums.map((sum) => sum / (count * n));
}

/** Number of patches gathered and projected at a time. */
const CHUNK = 4096;

/** Projections [directions, patches] of a set, which is normalized on the fly. */
async function projectSet(
  set: PatchSet,
  scale: { mean: Float64Array; deviation: Float64Array },
  directions: Float32Array,
  length: number,
  project: Project,
  onChunk: (share: number) => Promise<void>,
): Promise<Float32Array> {
  const n = set.corners.length, count = directions.length / length, { channels } = set.images;
  const out = new Float32Array(n * count);
  const patches = new Float32Array(Math.min(CHUNK, n) * length);
  for (let from = 0; from < n; from += CHUNK) {
    const size = Math.min(CHUNK, n - from);
    gatherPatches(set, from, size, patches);
    for (let i = 0, c = 0; i < size * length; i++) {
      patches[i] = (patches[i]! - scale.mean[c]!) / scale.deviation[c]!; // c < channels
      if (++c === channels) c = 0;
    }
    const part = await project(patches, directions, { patches: size, length, directions: count });
    for (let k = 0; k < count; k++) out.set(part.subarray(k * size, (k + 1) * size), k * n + from);
    await onChunk((from + size) / n);
  }
  return out;
}

/**
 * Random directions, uniform on the unit sphere: normalized Gaussian vectors.
 * @param length dimension of a direction
 * @param seed see `seedFor()`
 * @returns [512, length]
 */
export function drawDirections(length: number, seed: Seed): Float32Array {
  const random = new Random(seed), out = new Float32Array(DIRECTIONS * length);
  for (let d = 0; d < DIRECTIONS; d++) {
    const direction = random.normals(length);
    const norm = Math.sqrt(direction.reduce((sum, value) => sum + value * value, 0));
    out.set(direction.map((value) => value / norm), d * length);
  }
  return out;
}
