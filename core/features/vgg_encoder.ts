/** VGG-19 from the input to relu4_1, as far as the user's weights reach; frozen like block 1. */
import * as tf from "@tensorflow/tfjs";
import { messageOf } from "../text.ts";
import { preprocess } from "./vgg.ts";
import { readVggArrays } from "./vgg_file.ts";
import { readVgg, type VggSources } from "./vgg_weights.ts";

/** A convolution with its ReLU. */
interface VggLayer {
  /** For example "relu2_1". */
  place: string;
  from: number;
  to: number;
  /** Whether a pooling layer halves the image before it. */
  halves: boolean;
  kernel: Float32Array;
  bias: Float32Array;
}

/**
 * Output channels of the convolutions of each block, up to relu4_1 (Simonyan and Zisserman 2015).
 */
const BLOCKS = [[64, 64], [128, 128], [256, 256, 256, 256], [512]] as const;

const LAYERS = BLOCKS.flatMap((block, b) =>
  block.map((to, i) => ({
    name: `block${b + 1}_conv${i + 1}`,
    place: `relu${b + 1}_${i + 1}`,
    from: i > 0 ? to : BLOCKS[b - 1]?.[0] ?? 3,
    to,
    halves: b > 0 && i === 0,
  }))
);

/** A frozen encoder. Its weights are constants of a step: never trained, never saved. */
export interface VggEncoder {
  /** The convolutions that it has, in order. */
  readonly layers: readonly Pick<VggLayer, "place" | "from" | "to" | "halves">[];
  /**
   * Features after the ReLU of some layers, in the order of the layers. The convolutions pad with
   * zeros, as Keras does; 2×2 max pooling halves the image and drops odd edges.
   * @param images [N, H, W, C] in [-1, 1]; C is 3, or 1 for greyscale
   * @returns [N, H / 2^halvings, W / 2^halvings, channels] each
   */
  features(images: tf.Tensor4D, places: readonly string[]): tf.Tensor4D[];
}

/**
 * Reads as many consecutive layers as there are weights for: from the given file (safetensors with
 * "block1_conv1.kernel" and so on, or Keras' HDF5), otherwise from the cache, which has block 1.
 * @returns undefined if there are none
 * @throws RangeError if a file is damaged or lacks block 1, Error if it can't be read
 */
export function readVggEncoder(sources: VggSources): VggEncoder | undefined {
  const block1 = readVgg(sources); // says what is wrong with it
  if (!block1) return undefined;
  const names = LAYERS.map(({ name }) => name);
  const arrays = sources.file
    ? readVggArrays(readFile(sources.file), sources.file, names)
    : undefined;
  const layers: VggLayer[] = [];
  for (const { name, ...layer } of LAYERS) {
    const kernel = arrays?.[`${name}.kernel`], bias = arrays?.[`${name}.bias`];
    if (name === "block1_conv1" || name === "block1_conv2") {
      layers.push({ ...layer, kernel: block1[`${name}.kernel`], bias: block1[`${name}.bias`] });
    } else {
      if (!kernel || !bias) break; // later layers need its output
      const fits = `${kernel.shape}` === `${[3, 3, layer.from, layer.to]}` &&
        `${bias.shape}` === `${[layer.to]}`;
      if (!fits || ![...kernel.values, ...bias.values].every(Number.isFinite)) {
        throw new RangeError(
          `Cannot read VGG-19's weights from ${sources.file}: expected ${name}.kernel ` +
            `[3,3,${layer.from},${layer.to}] and .bias [${layer.to}] of finite numbers, received ` +
            `[${kernel.shape}] and [${bias.shape}]`,
        );
      }
      layers.push({ ...layer, kernel: kernel.values, bias: bias.values });
    }
  }
  return encoderOf(layers);
}

function readFile(path: string): Uint8Array {
  try {
    return Deno.readFileSync(path);
  } catch (cause) {
    throw new Error(`Cannot read --vgg-weights ${path}: ${messageOf(cause)}`, { cause });
  }
}

function encoderOf(layers: readonly VggLayer[]): VggEncoder {
  return {
    layers,
    features(images, places) {
      const unknown = places.find((place) => !layers.some((layer) => layer.place === place));
      if (unknown !== undefined) {
        throw new RangeError(
          `Cannot compute features: expected places of ${
            layers.map(({ place }) => place).join(", ")
          }, received ${unknown}. Give weights of more blocks`,
        );
      }
      const last = Math.max(...layers.map(({ place }, i) => places.includes(place) ? i : -1));
      const found: tf.Tensor4D[] = [];
      let x = preprocess(images);
      for (const [i, { place, from, to, halves, kernel, bias }] of layers.entries()) {
        if (i > last) break;
        if (halves) x = tf.maxPool(x, 2, 2, "valid");
        const bgr = tf.tensor4d(kernel, [3, 3, from, to]);
        const filter = i === 0 ? tf.reverse(bgr, 2) : bgr; // the images are RGB
        x = tf.relu(tf.add<tf.Tensor4D>(tf.conv2d(x, filter, 1, "same"), tf.tensor1d(bias)));
        if (places.includes(place)) found.push(x);
      }
      return found;
    },
  };
}
