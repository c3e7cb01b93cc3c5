/**
 * Padding by one number, written out by sides: for one number tfjs takes a window as wide as it is
 * high, and its WASM backend then writes beyond the result.
 */
import type * as tf from "@tensorflow/tfjs";
import type { Correction, KernelArguments } from "./kernel_correction.ts";

const KERNELS = [
  "AvgPool",
  "AvgPoolGrad",
  "Conv2D",
  "Conv2DBackpropFilter",
  "Conv2DBackpropInput",
  "DepthwiseConv2dNative",
  "DepthwiseConv2dNativeBackpropFilter",
  "DepthwiseConv2dNativeBackpropInput",
  "FusedConv2D",
  "FusedDepthwiseConv2D",
  "MaxPool",
  "MaxPoolGrad",
] as const;

/** By kernel. */
export const NUMERIC_PADDING: Readonly<Record<string, Correction>> = Object.fromEntries(
  KERNELS.map((name) => [name, (original, args) => original(withSides(args))] as const),
);

/** The same arguments with a padding by one number written out. */
export function withSides(args: KernelArguments): KernelArguments {
  // of these kernels
  const { pad, dataFormat } = args.attrs as { pad: unknown; dataFormat?: string };
  if (typeof pad !== "number" || pad === 0) return args;
  const none = [0, 0], both = [pad, pad];
  const sides = dataFormat === "NCHW" ? [none, none, both, both] : [none, both, both, none];
  // A padding may be nested, though the type of attributes says otherwise.
  return { ...args, attrs: { ...args.attrs, pad: sides } as unknown as tf.NamedAttrMap };
}
