/**
 * Convolutions and pooling with numeric padding, which tfjs-node lacks: the images are padded first
 * (and their gradient is cropped), so that TensorFlow's "valid" computes the rest.
 */
import * as tf from "@tensorflow/tfjs";
import { input, type KernelArguments, withInputs, wrapKernel } from "../../kernel_correction.ts";
import { withSides } from "../../numeric_padding.ts";
import { windowShares } from "../../window_shares.ts";

/** Registers these kernels; "valid" and "same" padding are computed as before. */
export function registerExplicitPadding(): void {
  const kernels: Record<string, PaddedKernel> = {
    Conv2D: (original, args) => onPaddedImages(original, args, convolution(args)),
    Conv2DBackpropInput: (original, args) => imageGradient(original, args, convolution(args)),
    DepthwiseConv2dNative: (original, args) =>
      onPaddedImages(original, args, convolution(args, true)),
    DepthwiseConv2dNativeBackpropInput: (original, args) =>
      imageGradient(original, args, convolution(args, true)),
    MaxPool: (original, args) => onPaddedImages(original, args, pooling(args), -Infinity),
    MaxPoolGrad: (original, args) => poolGradient(original, args, -Infinity),
    AvgPool: averagePool,
    AvgPoolGrad: (original, args) => poolGradient(original, args, 0),
  };
  kernels.FusedConv2D = kernels.Conv2DBackpropFilter = kernels.Conv2D!;
  kernels.FusedDepthwiseConv2D = kernels.DepthwiseConv2dNative!;
  kernels.DepthwiseConv2dNativeBackpropFilter = kernels.DepthwiseConv2dNative!;
  for (const [name, kernel] of Object.entries(kernels)) {
    wrapKernel("tensorflow", name, (original, args) => kernel(original, withSides(args)));
  }
}

type PaddedKernel = (
  original: tf.KernelFunc,
  args: KernelArguments,
) => ReturnType<tf.KernelFunc>;
type Info = tf.backend_util.Conv2DInfo;

/** Attributes of these kernels; each kernel has some of them. */
interface Attributes {
  strides: [number, number] | number;
  pad: Parameters<typeof tf.backend_util.computeConv2DInfo>[4];
  dataFormat?: "NHWC" | "NCHW";
  dilations?: [number, number] | number;
  dimRoundingMode?: "floor" | "round" | "ceil";
  inputShape?: Shape;
  filterShape?: Shape;
  filterSize: [number, number] | number;
}

type Shape = [number, number, number, number];

function attributesOf({ attrs }: KernelArguments): Attributes {
  return attrs as unknown as Attributes; // of the kernels above
}

function inputOf(args: KernelArguments, name: string): tf.Tensor4D {
  return input(args, name) as tf.Tensor4D; // images and filters
}

function convolution(args: KernelArguments, depthwise = false): Info {
  const { strides, pad, dataFormat = "NHWC", dilations, dimRoundingMode, ...given } = attributesOf(
    args,
  );
  return tf.backend_util.computeConv2DInfo(
    given.inputShape ?? inputOf(args, "x").shape,
    given.filterShape ?? inputOf(args, "filter").shape,
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    depthwise,
    dataFormat === "NHWC" ? "channelsLast" : "channelsFirst",
  );
}

function pooling(args: KernelArguments): Info {
  const { filterSize, strides, pad, dimRoundingMode } = attributesOf(args);
  const { shape } = inputOf(args, args.inputs.x ? "x" : "input"); // that of the gradients
  return tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
}

function isNumeric({ padInfo: { type } }: Info): boolean {
  return type !== "VALID" && type !== "SAME";
}

function onPaddedImages(
  original: tf.KernelFunc,
  args: KernelArguments,
  info: Info,
  value = 0,
): ReturnType<tf.KernelFunc> {
  if (!isNumeric(info)) return original(args);
  const x = tf.pad(inputOf(args, "x"), paddings(info), value);
  return original(asValid(args, { x }));
}

/** The gradient with respect to the padded images, cropped to the images. */
function imageGradient(
  original: tf.KernelFunc,
  args: KernelArguments,
  info: Info,
): ReturnType<tf.KernelFunc> {
  if (!isNumeric(info)) return original(args);
  const inputShape = info.inShape.map((size, axis) => {
    const [before, after] = paddings(info)[axis]!; // one for each axis
    return size + before + after;
  });
  return cropPadding(original(asValid(args, {}, { inputShape })), info);
}

function poolGradient(
  original: tf.KernelFunc,
  args: KernelArguments,
  value: number,
): ReturnType<tf.KernelFunc> {
  const info = pooling(args), dy = inputOf(args, "dy");
  if (!isNumeric(info)) return original(args);
  const images = tf.pad(inputOf(args, "input"), paddings(info), value);
  const isAverage = args.inputs.output === undefined;
  const scaled = isAverage ? tf.mul(dy, windowShares(info)) : dy;
  return cropPadding(original(asValid(args, { input: images, dy: scaled })), info);
}

function averagePool(original: tf.KernelFunc, args: KernelArguments): ReturnType<tf.KernelFunc> {
  const info = pooling(args);
  const y = onPaddedImages(original, args, info) as tf.Tensor; // of one output
  return isNumeric(info) ? tf.mul(y, windowShares(info)) : y;
}

/**
 * The padding before and after each axis that makes all windows fit; with rounding up, it may
 * exceed the requested one.
 */
function paddings(info: Info): [number, number][] {
  const { top, bottom, left, right } = info.padInfo;
  const neededBelow = (info.outHeight - 1) * info.strideHeight + info.effectiveFilterHeight -
    info.inHeight - top;
  const neededRight = (info.outWidth - 1) * info.strideWidth + info.effectiveFilterWidth -
    info.inWidth - left;
  const space: [number, number][] = [
    [top, Math.max(bottom, neededBelow)],
    [left, Math.max(right, neededRight)],
  ];
  const none: [number, number] = [0, 0];
  return info.dataFormat === "channelsLast" ? [none, ...space, none] : [none, none, ...space];
}

/** Crops the padding. */
function cropPadding(padded: ReturnType<tf.KernelFunc>, info: Info): tf.Tensor {
  const starts = paddings(info).map(([before]) => before);
  return tf.slice(padded as tf.Tensor, starts, info.inShape); // tfjs-node's kernels return tensors
}

function asValid(
  args: KernelArguments,
  inputs: Record<string, tf.Tensor>,
  attributes: Record<string, unknown> = {},
): KernelArguments {
  // of the types in Attributes
  const attrs = { ...args.attrs, ...attributes, pad: "valid" } as tf.NamedAttrMap;
  return withInputs({ ...args, attrs }, inputs);
}
