/**
 * Expands a single padding number into explicit paddings per side: given one number, tfjs assumes a
 * square window, and its WASM backend then writes past the end of the result.
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

/** By kernel name. */
export const NUMERIC_PADDING: Readonly<Record<string, Correction>> = Object.fromEntries(
  KERNELS.map((name) => [name, (original, args) => original(withSides(args))] as const),
);

/** The same arguments with a single padding number expanded into sides. */
export function withSides(args: KernelArguments): KernelArguments {
  // these kernels' attributes
  const { pad, dataFormat } = args.attrs as { pad: unknown; dataFormat?: string };
  if (typeof pad !== "number" || pad === 0) return args;
  const none = [0, 0], both = [pad, pad];
  const sides = dataFormat === "NCHW" ? [none, none, both, both] : [none, both, both, none];
  // A padding may be nested, although the type of attributes does not allow it.
  return { ...args, attrs: { ...args.attrs, pad: sides } as unknown as tf.NamedAttrMap };
}
