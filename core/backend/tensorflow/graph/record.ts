/** A recording of one run of a function as data: every constant, op and captured tensor. */
import type { TensorMetadata } from "tfjs-node/tfjs_binding.d.ts";
import type { Attribute } from "../binding/attributes.ts";
import { DType } from "../binding/dtypes.ts";
import { type TensorValues, toBytes } from "../binding/tensor_data.ts";

/** Where a recorded tensor comes from. */
export type Source =
  | { kind: "input"; index: number }
  | { kind: "capture"; index: number }
  | { kind: "constant"; index: number }
  | { kind: "node"; index: number; output: number };

/** Element type and shape. */
export interface TensorType {
  dtype: number;
  shape: readonly number[];
}

/** A tensor that JavaScript created during the recording. */
export interface RecordedConstant extends TensorType {
  /** All elements, or a single one if all are equal; strings are stored one by one. */
  bytes: Uint8Array | readonly Uint8Array[];
  uniform: boolean;
}

/** An op that ran. */
export interface RecordedNode {
  op: string;
  attributes: readonly Attribute[];
  inputs: readonly Source[];
  outputs: readonly TensorType[];
}

/** Everything that a run did, in order. */
export interface Recording {
  constants: RecordedConstant[];
  nodes: RecordedNode[];
  /** Ids of tensors that existed before and are not inputs. */
  captures: { id: number; type: TensorType }[];
}

/**
 * Receives tensors and ops from the binding. Inputs are known from the start; other tensors are
 * discovered as they are used.
 */
export class Recorder {
  readonly recording: Recording = { constants: [], nodes: [], captures: [] };
  /** While false, tensors that are created do not belong to the recording. */
  listening = true;
  #sources = new Map<number, Source>();
  #varying = new Set<number>();
  #capture: (id: number) => { id: number; type: TensorType };

  /**
   * @param inputs ids of the tensors that differ from call to call, in order
   * @param capture takes ownership of a tensor that existed before the recording
   */
  constructor(
    inputs: readonly number[],
    capture: (id: number) => { id: number; type: TensorType },
  ) {
    inputs.forEach((id, index) => this.#sources.set(id, { kind: "input", index }));
    this.#varying = new Set(inputs);
    this.#capture = capture;
  }

  /** Whether the tensor's values differ from call to call; such values must not be read. */
  varies(id: number): boolean {
    return this.#varying.has(id);
  }

  /** The ids of all tensors that vary, including the inputs. */
  varying(): ReadonlySet<number> {
    return this.#varying;
  }

  /** Records a tensor that was created from JavaScript values. */
  constant(id: number, dtype: number, shape: readonly number[], values: TensorValues): void {
    if (!this.listening) return;
    const { constants } = this.recording;
    this.#sources.set(id, { kind: "constant", index: constants.length });
    constants.push({ dtype, shape: [...shape], ...pack(dtype, shape, values) });
  }

  operation(
    op: string,
    attributes: readonly Attribute[],
    inputs: readonly number[],
    outputs: readonly TensorMetadata[],
  ): void {
    const { nodes } = this.recording;
    const index = nodes.length, varies = inputs.some((id) => this.#varying.has(id));
    nodes.push({
      op,
      attributes: attributes.map((attribute) => ({ ...attribute })),
      inputs: inputs.map((id) => this.source(id)),
      outputs: outputs.map(({ dtype, shape }) => ({ dtype, shape: [...shape] })),
    });
    outputs.forEach(({ id }, output) => {
      this.#sources.set(id, { kind: "node", index, output });
      if (varies) this.#varying.add(id);
    });
  }

  /** The source of tensor `id`; an unknown tensor is captured. */
  source(id: number): Source {
    let source = this.#sources.get(id);
    if (!source) {
      source = { kind: "capture", index: this.recording.captures.length };
      this.recording.captures.push(this.#capture(id));
      this.#sources.set(id, source);
    }
    return source;
  }
}

function pack(
  dtype: number,
  shape: readonly number[],
  values: TensorValues,
): Pick<RecordedConstant, "bytes" | "uniform"> {
  if (dtype === DType.STRING) {
    const texts = values as readonly Uint8Array[]; // by dtype
    return { bytes: texts.map((text) => text.slice()), uniform: false };
  }
  const elements = shape.reduce((product, size) => product * size, 1);
  const bytes = toBytes(dtype, values as Float32Array, elements); // numbers, by dtype
  const width = bytes.length / elements;
  if (elements > 1 && dtype !== DType.COMPLEX64 && isUniform(bytes, width)) {
    return { bytes: bytes.slice(0, width), uniform: true };
  }
  return { bytes: bytes.slice(), uniform: false };
}

/** Whether all elements have the same bits: each byte equals the byte one element before it. */
function isUniform(bytes: Uint8Array, width: number): boolean {
  for (let i = width; i < bytes.length; i++) if (bytes[i] !== bytes[i - width]) return false;
  return true;
}
