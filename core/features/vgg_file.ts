/**
 * Reads VGG-19's first block from safetensors or from Keras' HDF5, and writes it as safetensors.
 */
import { createHash } from "node:crypto";
import { File, Group } from "jsfive";
import { joinBytes } from "../join_bytes.ts";
import { decodeSafetensors, encodeSafetensors } from "../checkpoint/safetensors.ts";
import { float32Values, storedTensor } from "../checkpoint/tensors.ts";
import { messageOf } from "../text.ts";
import { VGG_SHAPES, type VggName, type VggWeights } from "./vgg.ts";

const NAMES = Object.keys(VGG_SHAPES) as VggName[]; // its own keys

/** The parts of jsfive that are used; it has no types of its own. */
interface Hdf5Group {
  keys: string[];
  get(name: string): Hdf5Group | Hdf5Array | null;
}
interface Hdf5Array {
  shape: unknown;
  value: unknown;
}
const isGroup = (item: Hdf5Group | Hdf5Array | null): item is Hdf5Group => item instanceof Group;

/** An array as read from either format. */
export interface VggArray {
  shape: readonly number[];
  values: Float32Array;
}

/**
 * @param bytes of a safetensors file with "block1_conv1.kernel" (HWIO, B G R), "block1_conv1.bias"
 * and the same for block1_conv2, or of Keras' "notop" HDF5; the first bytes decide
 * @param name of the file, for messages
 * @throws RangeError if the file is damaged or holds other weights
 */
export function parseVgg(bytes: Uint8Array, name: string): VggWeights {
  const weights = readVggArrays(bytes, name, ["block1_conv1", "block1_conv2"]);
  return Object.fromEntries(NAMES.map((key) => {
    const found = weights[key], expected = `${key} [${VGG_SHAPES[key]}]`;
    if (!found) throw wrong(name, expected, "none");
    if (`${found.shape}` !== `${VGG_SHAPES[key]}`) throw wrong(name, expected, `[${found.shape}]`);
    if (!found.values.every(Number.isFinite)) {
      throw wrong(name, `${expected} of finite numbers`, "others");
    }
    return [key, found.values];
  })) as VggWeights; // one entry a name
}

/**
 * Arrays of layers, as "<layer>.kernel" (HWIO) and "<layer>.bias"; arrays that the file lacks are
 * absent.
 * @param bytes of a safetensors or HDF5 file; the first bytes decide
 * @throws RangeError if it is damaged
 */
export function readVggArrays(
  bytes: Uint8Array,
  name: string,
  layers: readonly string[],
): Partial<Record<string, VggArray>> {
  const isHdf5 = [0x89, 0x48, 0x44, 0x46].every((byte, i) => bytes[i] === byte); // "\x89HDF"
  try {
    return isHdf5 ? fromHdf5(bytes, name, layers) : fromSafetensors(bytes, layers);
  } catch (error) {
    const expected = `a whole ${isHdf5 ? "HDF5" : "safetensors"} file`;
    throw wrong(name, expected, `damaged or other data (${messageOf(error)})`, error);
  }
}

/** Encodes block 1 as a safetensors file that names its source and contains a digest. */
export function encodeVgg(weights: VggWeights, source: string): Uint8Array {
  const tensors = Object.fromEntries(
    NAMES.map((name) => [name, storedTensor(weights[name], VGG_SHAPES[name])]),
  );
  const chunks = encodeSafetensors(tensors, { source, sha256: digestOf(weights) });
  return joinBytes(chunks);
}

function digestOf(weights: VggWeights): string {
  const hash = createHash("sha256");
  for (const name of NAMES) {
    const { buffer, byteOffset, byteLength } = weights[name];
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest("hex");
}

function fromSafetensors(
  bytes: Uint8Array,
  layers: readonly string[],
): Partial<Record<string, VggArray>> {
  const { tensors, metadata } = decodeSafetensors(bytes);
  const found: Partial<Record<string, VggArray>> = Object.fromEntries(
    layers.flatMap((layer) => [`${layer}.kernel`, `${layer}.bias`]).flatMap((key) => {
      const tensor = tensors[key];
      return tensor ? [[key, { shape: tensor.shape, values: float32Values(tensor) }]] : [];
    }),
  );
  if (metadata.sha256 !== undefined) {
    const weights = Object.fromEntries(
      NAMES.map((name) => [name, found[name]?.values ?? new Float32Array()]),
    );
    const digest = digestOf(weights as VggWeights); // one entry per name
    if (digest !== metadata.sha256) {
      throw new RangeError(`SHA-256 ${digest}, not ${metadata.sha256}`);
    }
  }
  return found;
}

/**
 * Keras' names of the arrays depend on the version that wrote them: in each layer's group, the
 * array of rank 4 is the kernel.
 */
function fromHdf5(
  bytes: Uint8Array,
  name: string,
  layers: readonly string[],
): Partial<Record<string, VggArray>> {
  const file: Hdf5Group = new File(bytes.slice().buffer, name);
  const root = file.keys.includes("model_weights") ? groupAt(file, "model_weights") : file;
  const found: Partial<Record<string, VggArray>> = {};
  for (const layer of layers) {
    if (layer.startsWith("block1") || root.keys.includes(layer)) {
      for (const array of arraysBelow(groupAt(root, layer))) {
        found[`${layer}.${array.shape.length === 4 ? "kernel" : "bias"}`] = array;
      }
    }
  }
  return found;
}

function groupAt(parent: Hdf5Group, name: string): Hdf5Group {
  const group = parent.get(name);
  if (isGroup(group)) return group;
  throw new RangeError(`no group "${name}"`);
}

function arraysBelow(group: Hdf5Group): VggArray[] {
  return group.keys.flatMap((key) => {
    const child = group.get(key);
    if (isGroup(child)) return arraysBelow(child);
    if (!child) throw new RangeError(`no array "${key}"`);
    const shape = child.shape;
    if (!Array.isArray(shape)) throw new RangeError(`"${key}" has no shape`);
    // of numbers; anything else becomes NaN and is refused
    return [{ shape, values: Float32Array.from(child.value as ArrayLike<number>) }];
  });
}

function wrong(name: string, expected: string, received: string, cause?: unknown): RangeError {
  return new RangeError(
    `Cannot read VGG-19's weights from ${name}: expected ${expected}, received ${received}. ` +
      `Give Keras' vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5, or safetensors with ${
        NAMES.join(", ")
      }`,
    { cause },
  );
}
