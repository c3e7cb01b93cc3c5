/** Lists a run's sample grids, from the names and headers of their files. */
import { join } from "node:path";
import { type Phase, phaseAt } from "../../schedule.ts";
import { readSamplePath, sampleScale } from "../folder/sample_path.ts";
import type { SampleEntry } from "../store/types.ts";

/**
 * Length of a PNG's beginning, bytes: signature, length and name of the first chunk, width and
 * height.
 */
const PNG_HEAD = 24;

/** The sample grids, oldest first; other files are ignored. */
export async function readSamples(
  folder: string,
  phases: readonly Phase[],
): Promise<SampleEntry[]> {
  const found: SampleEntry[] = [];
  try {
    for await (const { name, isFile } of Deno.readDir(join(folder, "samples"))) {
      const entry = isFile ? await readSample(folder, `samples/${name}`, phases) : null;
      if (entry) found.push(entry);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return found.sort((a, b) => a.imagesSeen - b.imagesSeen || (a.path < b.path ? -1 : 1));
}

async function readSample(
  folder: string,
  path: string,
  phases: readonly Phase[],
): Promise<SampleEntry | null> {
  const name = readSamplePath(path);
  if (name?.extension !== "png") return null;
  const size = await sizeOf(join(folder, path));
  if (!size) return null;
  const { imagesSeen, resolution, phaseKind, weights } = name;
  const cell = resolution * sampleScale(resolution);
  return {
    imagesSeen,
    resolution,
    phaseKind,
    alpha: phaseKind === "fade" ? phaseAt(phases, imagesSeen).alpha : 1,
    path,
    columns: Math.max(1, Math.floor(size.width / cell)),
    rows: Math.max(1, Math.floor(size.height / cell)),
    cell,
    weights,
    time: size.time,
  };
}

/** Size of a PNG, px, and when it was written; null where the file is not a PNG. */
async function sizeOf(
  path: string,
): Promise<{ width: number; height: number; time: number } | null> {
  using file = await Deno.open(path);
  const bytes = new Uint8Array(PNG_HEAD), view = new DataView(bytes.buffer);
  if (await file.read(bytes) !== PNG_HEAD || view.getUint32(0) !== 0x89504e47) return null;
  const { mtime } = await file.stat();
  return { width: view.getUint32(16), height: view.getUint32(20), time: mtime?.getTime() ?? 0 };
}
