/**
 * EfficientNet-lite0 (Tan and Le 2019; the "lite" variant has no squeeze-and-excitation) as a
 * frozen feature extractor.
 */
import * as tf from "@tensorflow/tfjs";
import type { HostWeights } from "./torch_file.ts";

/**
 * Repeats, kernel size, stride, expansion ratio and output channels of the blocks of each stage.
 */
const STAGES = [
  { repeats: 1, kernel: 3, stride: 1, expand: 1, channels: 16 },
  { repeats: 2, kernel: 3, stride: 2, expand: 6, channels: 24 },
  { repeats: 2, kernel: 5, stride: 2, expand: 6, channels: 40 },
  { repeats: 3, kernel: 3, stride: 2, expand: 6, channels: 80 },
  { repeats: 3, kernel: 5, stride: 1, expand: 6, channels: 112 },
  { repeats: 4, kernel: 5, stride: 2, expand: 6, channels: 192 },
  { repeats: 1, kernel: 3, stride: 1, expand: 6, channels: 320 },
] as const;

/** Channels of {@linkcode EfficientNet.stages}, at strides 4, 8, 16 and 32 of the input. */
export const STAGE_CHANNELS = [24, 40, 112, 320] as const;

/** The indices in STAGES of those stages. */
const TAPS = [1, 2, 4, 6];

/** Channels of {@linkcode EfficientNet.embed}. */
export const EMBEDDING_CHANNELS = 1280;

const EPSILON = 1e-3;

/** A convolution with its batch norm folded in. */
interface Folded {
  kernel: tf.Tensor4D;
  bias: tf.Tensor1D;
}

/** The network, with its weights as constants on the backend. */
export interface EfficientNet {
  /**
   * Feature maps of the stages at strides 4, 8, 16 and 32. Differentiable once, with respect to the
   * images.
   * @param images [N, R, R, 3], or 1 channel, in [-1, 1]; R a multiple of 32
   * @returns [N, R/4, R/4, 24], [N, R/8, R/8, 40], [N, R/16, R/16, 112], [N, R/32, R/32, 320]
   */
  stages(images: tf.Tensor4D): [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
  /**
   * The embedding that the classifier would take: the last convolution's spatial mean.
   * @param images as for `stages`
   * @returns [N, 1280]
   */
  embed(images: tf.Tensor4D): tf.Tensor2D;
  dispose(): void;
}

/**
 * Uploads the weights to the backend.
 * @param weights by PyTorch's names, as {@linkcode readTorchFile} returns them: convolutions OIHW
 * @throws RangeError if one is missing or has another shape
 */
export function createEfficientNet(weights: ReadonlyMap<string, HostWeights>): EfficientNet {
  const folded: Folded[] = [];
  const fold = (conv: string, norm: string, shape: number[]) => {
    const layer = foldedOf(weights, conv, norm, shape);
    folded.push(layer);
    return layer;
  };
  const stem = fold("_conv_stem", "_bn0", [32, 3, 3, 3]);
  let input = 32, index = 0;
  const stages = STAGES.map(({ repeats, kernel, stride, expand, channels }) =>
    Array.from({ length: repeats }, (_, i) => {
      const name = `_blocks.${index++}.`, inner = input * expand;
      const block = {
        expand: expand === 1
          ? undefined
          : fold(name + "_expand_conv", name + "_bn0", [inner, input, 1, 1]),
        depthwise: fold(name + "_depthwise_conv", name + "_bn1", [inner, 1, kernel, kernel]),
        project: fold(name + "_project_conv", name + "_bn2", [channels, inner, 1, 1]),
        stride: i === 0 ? stride : 1,
        skips: i > 0, // equal channels and stride 1
      };
      input = channels;
      return block;
    })
  );
  const head = fold("_conv_head", "_bn1", [EMBEDDING_CHANNELS, 320, 1, 1]);

  function block(x: tf.Tensor4D, layer: typeof stages[number][number]): tf.Tensor4D {
    const { expand, depthwise, project, stride, skips } = layer;
    const wide = expand ? tf.relu6(convolve(x, expand, 1)) : x;
    const mixed = tf.depthwiseConv2d(wide, depthwise.kernel, stride, "same");
    const out = convolve(tf.relu6(tf.add<tf.Tensor4D>(mixed, depthwise.bias)), project, 1);
    return skips ? tf.add(x, out) : out;
  }

  function run(images: tf.Tensor4D): tf.Tensor4D[] {
    const rgb = images.shape[3] === 1 ? tf.concat([images, images, images], 3) : images;
    // This network's preprocessing in TensorFlow: (byte − 127) / 128, with byte = (x + 1) · 127.5.
    const input = tf.mul<tf.Tensor4D>(tf.add(tf.mul(rgb, 127.5), 0.5), 1 / 128);
    let x = tf.relu6(convolve(input, stem, 2));
    return stages.map((blocks) => x = blocks.reduce(block, x));
  }

  return {
    stages(images) {
      const all = run(images);
      return TAPS.map((i) => all[i]!) as ReturnType<EfficientNet["stages"]>; // four taps
    },
    embed: (images) => {
      const last = run(images).at(-1)!; // there are stages
      return tf.mean<tf.Tensor2D>(tf.relu6(convolve(last, head, 1)), [1, 2]);
    },
    dispose: () => tf.dispose(folded.map(({ kernel, bias }) => [kernel, bias])),
  };
}

function convolve(x: tf.Tensor4D, { kernel, bias }: Folded, stride: number): tf.Tensor4D {
  return tf.add(tf.conv2d(x, kernel, stride, "same"), bias);
}

/**
 * Folds a batch norm with fixed statistics, which is a scale and a shift: w' = w γ / √(σ² + ε), b =
 * β − μ γ / √(σ² + ε).
 * @param shape of the convolution, OIHW; a depthwise one has one input channel
 * @returns the kernel as [H, W, I, O], or [H, W, C, 1] if it is depthwise
 */
function foldedOf(
  weights: ReadonlyMap<string, HostWeights>,
  conv: string,
  norm: string,
  shape: number[],
): Folded {
  const take = (name: string, expected: number[]) => {
    const tensor = weights.get(name);
    if (tensor && `${tensor.shape}` === `${expected}`) return tensor.data;
    throw new RangeError(
      `Cannot make EfficientNet-lite0: expected ${name} of shape [${expected}], ` +
        `received ${tensor ? `[${tensor.shape}]` : "none"}`,
    );
  };
  const [output, input, height, width] = shape as [number, number, number, number]; // OIHW
  const kernel = take(conv + ".weight", shape);
  const gamma = take(norm + ".weight", [output]), beta = take(norm + ".bias", [output]);
  const mean = take(norm + ".running_mean", [output]);
  const variance = take(norm + ".running_var", [output]);
  const scale = gamma.map((g, i) => g / Math.sqrt(variance[i]! + EPSILON)); // equal lengths
  const bias = beta.map((b, i) => b - mean[i]! * scale[i]!);
  const area = input * height * width, isDepthwise = conv.endsWith("_depthwise_conv");
  const ordered = new Float32Array(kernel.length);
  for (let o = 0; o < output; o++) {
    for (let i = 0; i < input; i++) {
      for (let at = 0; at < height * width; at++) {
        const to = isDepthwise ? at * output + o : (at * input + i) * output + o;
        ordered[to] = kernel[o * area + i * height * width + at]! * scale[o]!; // all in range
      }
    }
  }
  // Computed on the host, so that a recorded step contains constants instead of ops.
  const size = isDepthwise ? [height, width, output, 1] : [height, width, input, output];
  return {
    kernel: tf.tensor4d(ordered, size as [number, number, number, number]), // four of them
    bias: tf.tensor1d(bias),
  };
}
