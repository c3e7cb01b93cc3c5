/** Corrections of the kernels of tfjs 4.22's own backends that compute wrong values. */
import * as tf from "@tensorflow/tfjs";
import { CORRECTED_DTYPES } from "./corrected_dtypes.ts";
import { CORRECTED_NANS, restoreNan } from "./corrected_nans.ts";
import {
  type Correction,
  input,
  type KernelArguments,
  run,
  withInputs,
  wrapKernel,
} from "./kernel_correction.ts";
import { NUMERIC_PADDING } from "./numeric_padding.ts";
import { windowShares } from "./window_shares.ts";

/** By backend, then by kernel name. */
const CORRECTIONS: Record<string, readonly Readonly<Record<string, Correction>>[]> = {
  cpu: [
    { AvgPoolGrad: averagePoolGradient, ResizeNearestNeighborGrad: resizeGradientBySample },
    NUMERIC_PADDING,
  ],
  wasm: [
    { AvgPoolGrad: averagePoolGradient, MaxPoolGrad: maxPoolGradient },
    CORRECTED_DTYPES,
    CORRECTED_NANS,
    NUMERIC_PADDING,
  ],
  webgpu: [
    { AvgPoolGrad: averagePoolGradient, Prod: prodKeepingDims, Relu6: restoreNan },
    NUMERIC_PADDING,
  ],
};

const corrected = new Set<string>();

/** Replaces the faulty kernels of a backend. Calling it again has no effect. */
export function correctKernels(backendName: "cpu" | "wasm" | "webgpu"): void {
  if (corrected.has(backendName)) return;
  corrected.add(backendName);
  // all are listed
  for (const [name, correction] of CORRECTIONS[backendName]!.flatMap(Object.entries<Correction>)) {
    wrapKernel(backendName, name, correction);
  }
}

/**
 * tfjs divides every gradient by the full window size, although a window that overlaps the padding
 * averaged fewer pixels.
 */
function averagePoolGradient(original: tf.KernelFunc, args: KernelArguments): tf.TensorInfo {
  const { dy, input } = args.inputs as unknown as Record<"dy" | "input", tf.Tensor4D>; // its inputs
  const { filterSize, strides, pad } = args.attrs as unknown as PoolAttributes; // its attributes
  const info = tf.backend_util.computePool2DInfo(input.shape, filterSize, strides, 1, pad);
  const { top, bottom, left, right } = info.padInfo;
  if (top + bottom + left + right === 0) return single(original(args));
  return single(original(withInputs(args, { dy: tf.mul(dy, windowShares(info)) })));
}

/**
 * tfjs indexes the gradient with the image's size, which is right for the first sample of a batch
 * only; each sample is therefore computed on its own.
 */
function resizeGradientBySample(original: tf.KernelFunc, args: KernelArguments): tf.TensorInfo {
  // this kernel's inputs
  const { dy, images } = args.inputs as unknown as Record<"dy" | "images", tf.Tensor4D>;
  const count = images.shape[0], gradients = tf.split(dy, count);
  const parts = tf.split(images, count).map((image, i) => {
    const part = single(original({ ...args, inputs: { dy: gradients[i]!, images: image } }));
    return tf.engine().makeTensorFromTensorInfo(part);
  });
  return tf.concat(parts);
}

/**
 * tfjs starts its search for the maximum at the smallest positive number, so windows of negative
 * values get no gradient.
 */
function maxPoolGradient(_original: tf.KernelFunc, args: KernelArguments): tf.TensorInfo {
  const { dy, input } = args.inputs as unknown as Record<"dy" | "input", tf.Tensor4D>; // its inputs
  const { filterSize, strides, pad } = args.attrs as unknown as PoolAttributes; // its attributes
  const info = tf.backend_util.computePool2DInfo(input.shape, filterSize, strides, 1, pad);
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, padInfo } = info;
  const x = input.dataSync(), gradient = dy.dataSync(), out = new Float32Array(input.size);
  for (let at = 0; at < batchSize * outHeight * outWidth * inChannels; at++) {
    const channel = at % inChannels, column = Math.floor(at / inChannels) % outWidth;
    const row = Math.floor(at / inChannels / outWidth) % outHeight;
    const sample = Math.floor(at / inChannels / outWidth / outHeight);
    const top = row * info.strideHeight - padInfo.top;
    const left = column * info.strideWidth - padInfo.left;
    let best = -1;
    for (let i = Math.max(top, 0); i < Math.min(top + info.filterHeight, inHeight); i++) {
      for (let j = Math.max(left, 0); j < Math.min(left + info.filterWidth, inWidth); j++) {
        const pixel = ((sample * inHeight + i) * inWidth + j) * inChannels + channel;
        if (best < 0 || x[pixel]! > x[best]!) best = pixel;
      }
    }
    if (best >= 0) out[best] = out[best]! + gradient[at]!;
  }
  return tf.tensor(out, input.shape);
}

/** tfjs's WebGPU backend ignores `keepDims` in products. */
function prodKeepingDims(original: tf.KernelFunc, args: KernelArguments): tf.Tensor {
  // this kernel's attributes
  const { axis, keepDims } = args.attrs as { axis: number | number[]; keepDims: boolean };
  const y = run(original, args), { shape } = input(args, "x");
  if (!keepDims) return y;
  const axes = tf.util.parseAxisParam(axis, shape);
  return tf.reshape(y, shape.map((size, i) => axes.includes(i) ? 1 : size));
}

interface PoolAttributes {
  filterSize: [number, number] | number;
  strides: [number, number] | number;
  pad: Parameters<typeof tf.backend_util.computePool2DInfo>[4];
}

function single(result: tf.TensorInfo | tf.TensorInfo[]): tf.TensorInfo {
  return Array.isArray(result) ? result[0]! : result; // these kernels have one output
}
