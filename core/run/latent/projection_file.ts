/** Projected pictures, stored in the run's folder. */
import { Buffer } from "node:buffer";
import { join } from "node:path";
import { CorruptCheckpointError } from "../../checkpoint/errors.ts";
import { decodeSafetensors, encodeSafetensors } from "../../checkpoint/safetensors.ts";
import { float32Values, storedTensor, type StoredTensors } from "../../checkpoint/tensors.ts";
import { LONGEST_NAME } from "../../kept_name_pattern.ts";
import { sha256 } from "../../sha256.ts";
import { messageOf } from "../../text.ts";
import { writeWhole } from "../../write_whole.ts";
import type { LoadedRun } from "../loaded_run.ts";
import { RunError } from "../run_error.ts";
import { shellWord } from "../shell_word.ts";
import { expectName, namesIn, unknownName } from "./kept_name.ts";
import type { ReadPicture } from "./picture_features.ts";
import type { StyledImage } from "./styled_image.ts";
import { expectLatentSpace } from "./latent_space.ts";
import type { WeightChange } from "./weight_change.ts";

/** The result of a projection. */
export interface Projection {
  /** One w per layer, [F] each; all equal for a projection to w. */
  styles: readonly Float32Array[];
  /** Noise maps in the order of the draws. */
  noise: readonly Float32Array[];
  /** Changes to the generator's weights by tuning, if it was tuned. */
  change?: WeightChange | undefined;
}

const ENDING = ".safetensors";
/** Prefix of a weight that tuning changed. */
const CHANGE = "change/";
const folderOf = (run: Pick<LoadedRun, "folder">) => join(run.folder, "projected");

/** Path of a projection without extension; pictures of the search have the same path. */
export function projectionPath(run: Pick<LoadedRun, "folder">, name: string): string {
  expectName(name, "a projected picture");
  return join(folderOf(run), name.normalize());
}

/**
 * Stores a projection as `projected/<name>.safetensors` in the run's folder, replacing any earlier
 * one of that name; check with {@linkcode keptOf} before.
 * @param picture the file's bytes
 * @throws RunError for an invalid name
 */
export async function keepProjection(
  run: Pick<LoadedRun, "folder" | "imagesSeen" | "resolution">,
  name: string,
  picture: Uint8Array,
  { styles, noise, change }: Projection,
): Promise<string> {
  const path = projectionPath(run, name) + ENDING;
  const rows = (arrays: readonly Float32Array[], prefix: string) =>
    arrays.map((array, i) => [`${prefix}${i}`, storedTensor(array, [array.length])]);
  const tensors = Object.fromEntries([
    ...rows(styles, "style"),
    ...rows(noise, "noise"),
    ...[...change ?? []].map(([path, numbers]) => [
      `${CHANGE}${path}`,
      storedTensor(numbers, [numbers.length]),
    ]),
  ]);
  const metadata = {
    imagesSeen: String(run.imagesSeen),
    resolution: String(run.resolution),
    picture: sha256(picture),
  };
  await writeWhole(path, new Uint8Array(Buffer.concat(encodeSafetensors(tensors, metadata))));
  return path;
}

/**
 * Looks for an earlier projection of a picture under a name.
 * @returns undefined where the name is free
 * @throws RunError where the name is that of another picture
 */
export async function keptOf(
  run: Pick<LoadedRun, "folder" | "id">,
  name: string,
  { bytes, path: file = "FILE" }: ReadPicture,
): Promise<{ imagesSeen: number } | undefined> {
  const path = projectionPath(run, name) + ENDING;
  const names = await keptProjections(run);
  if (!names.includes(name.normalize())) return undefined;
  const kept = await metadataOf(path);
  if (kept.picture === sha256(bytes)) return { imagesSeen: Number(kept.imagesSeen) };
  const free = await freeName(run, name, bytes);
  throw new RunError(
    `Cannot keep the picture as @${name}: ${run.id} has another one of that name. Give it ` +
      `another name, such as deno task project ${shellWord(file)} --name ${free}, or ` +
      `delete projected/${name}${ENDING} in the run's folder`,
  );
}

/**
 * The name itself where it is free or of the same picture, or else the first free one of `name-2`,
 * `name-3`, …
 * @param picture the file's bytes
 */
export async function freeName(
  run: Pick<LoadedRun, "folder">,
  name: string,
  picture: Uint8Array,
): Promise<string> {
  const names = await keptProjections(run);
  let free = name.normalize();
  if (!names.includes(free)) return free;
  const kept = await metadataOf(projectionPath(run, free) + ENDING);
  if (kept.picture === sha256(picture)) return free;
  for (let number = 2; names.includes(free); number++) {
    const ending = `-${number}`;
    free = [...name.normalize()].slice(0, LONGEST_NAME - ending.length).join("") + ending;
  }
  return free;
}

/** The metadata of a file; empty where it is damaged, which may then be of any picture. */
async function metadataOf(path: string): Promise<Record<string, string>> {
  const bytes = await Deno.readFile(path);
  try {
    return decodeSafetensors(bytes).metadata;
  } catch (error) {
    if (error instanceof CorruptCheckpointError) return {};
    throw error;
  }
}

/** Names of the stored projections. */
export const keptProjections = (run: Pick<LoadedRun, "folder">): Promise<string[]> =>
  namesIn(folderOf(run), ENDING);

/**
 * Reads a projected picture.
 * @throws RunError where there is none of that name, or it was projected into another checkpoint
 */
export async function readProjection(run: LoadedRun, wanted: string): Promise<StyledImage> {
  const name = wanted.normalize();
  const { space, layers } = expectLatentSpace(run, "use projected pictures");
  const names = await keptProjections(run);
  if (!names.includes(name)) {
    throw unknownName(name, names, "a picture that deno task project has projected into this run");
  }
  const path = projectionPath(run, name) + ENDING;
  let file: ReturnType<typeof decodeSafetensors>;
  try {
    file = decodeSafetensors(await Deno.readFile(path));
  } catch (cause) {
    throw new RunError(
      `Cannot read ${path}: ${messageOf(cause)}. Delete it and project the picture again`,
      { cause },
    );
  }
  const { tensors, metadata } = file;
  if (metadata.imagesSeen !== String(run.imagesSeen)) {
    throw new RunError(
      `Cannot use @${name} at ${run.imagesSeen} images: expected a picture projected into this ` +
        `checkpoint, received ` +
        `one of ${metadata.imagesSeen} images. Project it again, or give --checkpoint ` +
        `${metadata.imagesSeen}`,
    );
  }
  const all = (prefix: string) => {
    const found: Float32Array[] = [];
    for (let i = 0; Object.hasOwn(tensors, `${prefix}${i}`); i++) {
      found.push(float32Values(tensors[`${prefix}${i}`]!)); // checked to exist
    }
    return found;
  };
  const styles = all("style"), noise = all("noise");
  if (styles.length === layers && styles.every(({ length }) => length === space.size)) {
    const change = changeIn(tensors);
    const sizes = new Map(
      run.model.generator.variables().map(({ path, variable }) => [path, variable.size]),
    );
    for (const [path, { length }] of change) {
      if (sizes.get(path) === length) continue;
      throw new RunError(
        `Cannot use @${name}: expected weights of ${run.id}, received a change of ${path} with ` +
          `${length} numbers. Project the picture again`,
      );
    }
    return {
      styles,
      noise: noise.length > 0 ? noise : 0,
      ...(change.size > 0 ? { changes: [{ name, change, share: 1 }] } : {}),
    };
  }
  throw new RunError(
    `Cannot use @${name}: expected ${layers} styles of ${space.size} numbers, received ${styles.length} of ${
      styles[0]?.length ?? 0
    }. Project the picture again`,
  );
}

function changeIn(tensors: StoredTensors): WeightChange {
  return new Map(
    Object.entries(tensors).filter(([key]) => key.startsWith(CHANGE))
      .map(([key, tensor]) => [key.slice(CHANGE.length), float32Values(tensor)]),
  );
}
