/** Kernels that training needs and tfjs's WASM backend lacks, composed of kernels that it has. */
import * as tf from "@tensorflow/tfjs";

type Inputs = Record<string, tf.Tensor>;
type Kernel = (inputs: Inputs, attributes: ConvolutionAttributes) => tf.Tensor;

/** Attributes of the gradient kernels of convolutions, and of UnsortedSegmentSum. */
interface ConvolutionAttributes {
  strides: [number, number] | number;
  pad: Parameters<typeof tf.backend_util.computeConv2DInfo>[4];
  dilations?: [number, number] | number;
  filterShape: [number, number, number, number];
  inputShape: [number, number, number, number];
  numSegments: number;
}

const KERNELS: Record<string, Kernel> = {
  Conv2DBackpropFilter: convolutionFilterGradient,
  DepthwiseConv2dNativeBackpropFilter: depthwiseFilterGradient,
  DepthwiseConv2dNativeBackpropInput: depthwiseInputGradient,
  UnsortedSegmentSum: unsortedSegmentSum,
};

/** Registers the kernels; calling it again has no effect. */
export function registerWasmKernels(): void {
  for (const [kernelName, kernel] of Object.entries(KERNELS)) {
    if (tf.getKernel(kernelName, "wasm")) continue;
    tf.registerKernel({
      kernelName,
      backendName: "wasm",
      kernelFunc: ({ inputs, attrs }) =>
        tf.tidy(() =>
          // The engine passes tensors to kernels, and these names match the kernels above.
          kernel(inputs as unknown as Inputs, attrs as unknown as ConvolutionAttributes)
        ),
    });
  }
}

/**
 * ∂filter[i, j, c, k] = Σ x[n, s·h + i, s·w + j, c] · dy[n, h, w, k]: a convolution of the images,
 * with channels and batch transposed, by `dy` as a filter dilated by the stride.
 */
function convolutionFilterGradient(inputs: Inputs, attributes: ConvolutionAttributes): tf.Tensor {
  const x = inputs.x as tf.Tensor4D, dy = inputs.dy as tf.Tensor4D; // Conv2DBackpropFilterInputs
  const { filterShape, strides, pad } = attributes;
  const { padInfo, strideHeight, strideWidth } = tf.backend_util.computeConv2DInfo(
    x.shape,
    filterShape,
    strides,
    1,
    pad,
  );
  const images = tf.transpose(pad2d(x, padInfo), [3, 1, 2, 0]); // [C, H, W, N]
  const taps = tf.transpose(dy, [1, 2, 0, 3]); // [H', W', N, K]
  const full = tf.conv2d(images, taps, 1, "valid", "NHWC", [strideHeight, strideWidth]);
  const [height, width, channels, filters] = filterShape;
  const cut = tf.slice(full, [0, 0, 0, 0], [channels, height, width, filters]);
  return tf.transpose(cut, [1, 2, 0, 3]);
}

/** ∂filter[i, j, c, m] = Σ x[n, s·h + i, s·w + j, c] · dy[n, h, w, c·M + m]. */
function depthwiseFilterGradient(inputs: Inputs, attributes: ConvolutionAttributes): tf.Tensor {
  const x = inputs.x as tf.Tensor4D, dy = inputs.dy as tf.Tensor4D; // …BackpropFilterInputs
  const { filterShape } = attributes, info = depthwiseInfo(x.shape, attributes);
  const [height, width, channels, multiplier] = filterShape;
  const [batch, outHeight, outWidth] = dy.shape;
  const wide = pad2d(x, info.padInfo);
  const gradients = tf.reshape(dy, [batch, outHeight, outWidth, channels, multiplier]);
  const taps = grid(height, width).map(([i, j]) => {
    const top = i * info.dilationHeight, left = j * info.dilationWidth;
    const seen = tf.stridedSlice(
      wide,
      [0, top, left, 0],
      [
        batch,
        top + (outHeight - 1) * info.strideHeight + 1,
        left + (outWidth - 1) * info.strideWidth + 1,
        channels,
      ],
      [1, info.strideHeight, info.strideWidth, 1],
    );
    return tf.sum(tf.mul(tf.expandDims(seen, 4), gradients), [0, 1, 2]); // [C, M]
  });
  return tf.reshape(tf.stack(taps), filterShape);
}

/** ∂x[n, s·h + i, s·w + j, c] += Σ_m dy[n, h, w, c·M + m] · filter[i, j, c, m]. */
function depthwiseInputGradient(inputs: Inputs, attributes: ConvolutionAttributes): tf.Tensor {
  // …BackpropInputInputs
  const dy = inputs.dy as tf.Tensor4D, filter = inputs.filter as tf.Tensor4D;
  const { inputShape } = attributes;
  const info = depthwiseInfo(inputShape, { ...attributes, filterShape: filter.shape });
  const { top, left, bottom, right } = info.padInfo;
  const [batch, inHeight, inWidth, channels] = inputShape;
  const [height, width, , multiplier] = filter.shape, [, outHeight, outWidth] = dy.shape;
  const wideHeight = inHeight + top + bottom, wideWidth = inWidth + left + right;
  const spread = dilate(
    tf.reshape(dy, [batch, outHeight, outWidth, channels * multiplier]),
    info.strideHeight,
    info.strideWidth,
  );
  const [, spreadHeight, spreadWidth] = spread.shape;
  const parts = grid(height, width).map(([i, j]) => {
    const weight = tf.reshape(tf.slice(filter, [i, j, 0, 0], [1, 1, -1, -1]), [
      channels * multiplier,
    ]);
    const products = tf.reshape(tf.mul(spread, weight), [
      batch,
      spreadHeight,
      spreadWidth,
      channels,
      multiplier,
    ]);
    const y = i * info.dilationHeight, x = j * info.dilationWidth;
    return tf.pad(tf.sum(products, 4), [
      [0, 0],
      [y, wideHeight - spreadHeight - y],
      [x, wideWidth - spreadWidth - x],
      [0, 0],
    ]);
  });
  return tf.slice(tf.addN(parts), [0, top, left, 0], inputShape);
}

/**
 * out[s] = Σ x[i] over i with segment s, the gradient of gather; ids outside the segments are
 * ignored. The sum is computed in JavaScript, because a matrix product would need rows × segments
 * elements.
 */
function unsortedSegmentSum(inputs: Inputs, { numSegments }: ConvolutionAttributes): tf.Tensor {
  const x = inputs.x!, segments = inputs.segmentIds!; // UnsortedSegmentSumInputs
  const [, ...rest] = x.shape, width = tf.util.sizeFromShape(rest), size = numSegments * width;
  const values = x.dataSync(), isWhole = x.dtype === "int32";
  const sums = isWhole ? new Int32Array(size) : new Float32Array(size);
  for (const [row, segment] of segments.dataSync().entries()) {
    if (segment < 0 || segment >= numSegments) continue;
    for (let i = 0; i < width; i++) sums[segment * width + i]! += values[row * width + i]!;
  }
  const summed = tf.tensor(sums, [numSegments, ...rest], isWhole ? "int32" : "float32");
  return tf.cast(summed, x.dtype);
}

type PadInfo = tf.backend_util.Conv2DInfo["padInfo"];

function depthwiseInfo(
  inputShape: [number, number, number, number],
  { filterShape, strides, dilations = 1, pad }: ConvolutionAttributes,
): tf.backend_util.Conv2DInfo {
  const { computeConv2DInfo } = tf.backend_util;
  return computeConv2DInfo(inputShape, filterShape, strides, dilations, pad, undefined, true);
}

function pad2d(x: tf.Tensor4D, { top, bottom, left, right }: PadInfo): tf.Tensor4D {
  if (top + bottom + left + right === 0) return x;
  return tf.pad(x, [[0, 0], [top, bottom], [left, right], [0, 0]]);
}

/** Inserts stride − 1 zeros between neighbours. */
function dilate(x: tf.Tensor4D, strideHeight: number, strideWidth: number): tf.Tensor4D {
  if (strideHeight === 1 && strideWidth === 1) return x;
  const [batch, height, width, channels] = x.shape;
  const columns = tf.pad(tf.reshape(x, [batch * height, width, 1, channels]), [
    [0, 0],
    [0, 0],
    [0, strideWidth - 1],
    [0, 0],
  ]);
  const rows = tf.pad(tf.reshape(columns, [batch, height, 1, width * strideWidth * channels]), [
    [0, 0],
    [0, 0],
    [0, strideHeight - 1],
    [0, 0],
  ]);
  const wide: [number, number, number, number] = [
    batch,
    height * strideHeight,
    width * strideWidth,
    channels,
  ];
  // Crop the zeros after the last element, so that the sizes are (n − 1) · stride + 1.
  return tf.slice(tf.reshape<tf.Rank.R4>(rows, wide), [0, 0, 0, 0], [
    batch,
    (height - 1) * strideHeight + 1,
    (width - 1) * strideWidth + 1,
    channels,
  ]);
}

function grid(height: number, width: number): [number, number][] {
  return Array.from({ length: height * width }, (_, at) => [Math.floor(at / width), at % width]);
}
