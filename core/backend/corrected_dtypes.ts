/**
 * Corrections of the kernels of tfjs's WASM backend that are only right for float32: they give
 * wrong results for int32 and bool tensors.
 */
import * as tf from "@tensorflow/tfjs";
import {
  type Correction,
  input,
  type KernelArguments,
  run,
  withInputs,
} from "./kernel_correction.ts";

/** Kernels that support int32 but read four bytes per element, whereas a bool takes one. */
const OF_INTEGERS = [
  "Abs",
  "Neg",
  "Relu",
  "Relu6",
  "Reverse",
  "Round",
  "Sign",
  "Square",
  "Step",
] as const;

/** Kernels that leave the output uninitialized unless the input is float32. */
const OF_FLOATS = [
  "Acos",
  "Acosh",
  "Asin",
  "Asinh",
  "Atan",
  "Atan2",
  "Atanh",
  "Expm1",
  "FloorDiv",
  "Log1p",
  "Mod",
  "Reciprocal",
  "Selu",
  "Sinh",
  "Softplus",
] as const;

/** Like {@linkcode OF_FLOATS}, except that the result is float32 whatever the input's type. */
const TO_FLOATS = ["Exp", "LeakyRelu"] as const;
/** Kernels that look for the bit pattern of NaN or infinity even in int32 data. */
const TO_BOOLS = ["IsFinite", "IsInf", "IsNan"] as const;

const all = (names: readonly string[], correction: Correction) =>
  Object.fromEntries(names.map((name) => [name, correction]));

/** By kernel name. */
export const CORRECTED_DTYPES: Readonly<Record<string, Correction>> = {
  ...all(OF_INTEGERS, (original, args) => {
    const { dtype } = input(args, "x");
    return dtype === "bool" ? tf.cast(run(original, cast(args, "int32")), dtype) : original(args);
  }),
  ...all(OF_FLOATS, (original, args) => {
    const { dtype } = (args.inputs.x ?? args.inputs.a)!; // of one input or of two
    if (dtype === "float32") return original(args);
    const whole = tf.cast(run(original, cast(args, "float32")), "int32"); // fractions are cut off
    return tf.cast(whole, dtype);
  }),
  ...all([...TO_FLOATS, ...TO_BOOLS], (original, args) => original(cast(args, "float32"))),
  Cast: castToBool,
  OneHot: oneHot,
  Select: select,
  StridedSlice: stridedSlice,
  TopK: topK,
};

/** The arguments with every input cast to `dtype`. */
function cast(args: KernelArguments, dtype: "float32" | "int32"): KernelArguments {
  const names = Object.keys(args.inputs);
  const inputs = names.map((name) => [name, tf.cast(input(args, name), dtype)]);
  return withInputs(args, Object.fromEntries(inputs));
}

/**
 * tfjs keeps only the lowest byte of the value it casts: 0.5 and 256 would become false, and true
 * would be stored as any non-zero number.
 */
function castToBool(original: tf.KernelFunc, args: KernelArguments): ReturnType<Correction> {
  // this kernel's attribute
  const x = input(args, "x"), { dtype } = args.attrs as unknown as { dtype: tf.DataType };
  return dtype === "bool" && x.dtype !== "bool" ? tf.notEqual(x, 0) : original(args);
}

/** tfjs writes int32 values into an output of any type. */
function oneHot(original: tf.KernelFunc, args: KernelArguments): ReturnType<Correction> {
  const attributes = args.attrs as unknown as OneHotAttributes; // this kernel's attributes
  const { dtype, onValue, offValue } = attributes;
  if (dtype === "int32") return original(args);
  const attrs = { ...attributes, onValue: 1, offValue: 0, dtype: "int32" as const };
  const chosen = tf.cast(run(original, { ...args, attrs }), "bool");
  return tf.cast(tf.where(chosen, onValue, offValue), dtype);
}

interface OneHotAttributes {
  depth: number;
  onValue: number;
  offValue: number;
  dtype: "float32" | "int32" | "bool";
}

function select(original: tf.KernelFunc, args: KernelArguments): ReturnType<Correction> {
  const t = input(args, "t"), e = input(args, "e");
  if (t.dtype !== "bool") return original(args);
  const inputs = { t: tf.cast(t, "int32"), e: tf.cast(e, "int32") };
  return tf.cast(run(original, withInputs(args, inputs)), "bool");
}

/** tfjs copies the bits of the input but labels the result float32. */
function stridedSlice(original: tf.KernelFunc, args: KernelArguments): ReturnType<Correction> {
  const x = input(args, "x");
  if (x.dtype === "float32") return original(args);
  const result = run(original, cast(args, "int32"));
  if (result.dtype === "int32") return tf.cast(result, x.dtype);
  const { buffer, byteOffset, length } = result.dataSync<"float32">();
  const bits = new Int32Array(buffer, byteOffset, length).slice();
  return tf.cast(tf.tensor(bits, result.shape, "int32"), x.dtype);
}

function topK(original: tf.KernelFunc, args: KernelArguments): ReturnType<Correction> {
  if (input(args, "x").dtype !== "bool") return original(args);
  // two outputs
  const [values, indices] = original(cast(args, "int32")) as [tf.TensorInfo, tf.TensorInfo];
  return [tf.cast(tf.engine().makeTensorFromTensorInfo(values), "bool"), indices];
}
