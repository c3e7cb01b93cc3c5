/** What one run of a function did, as data: every constant, op and captured tensor. */
import type { TensorMetadata } from "tfjs-node/tfjs_binding.d.ts";
import type { Attribute } from "../binding/attributes.ts";
import { DType } from "../binding/dtypes.ts";
import { type TensorValues, toBytes } from "../binding/tensor_data.ts";

/** Where a tensor of the record comes from. */
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

/** A tensor that JavaScript made during the record. */
export interface RecordedConstant extends TensorType {
  /** All elements, or a single one where all are equal; strings one by one. */
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

/** All that a run did, in order. */
export interface Recording {
  constants: RecordedConstant[];
  nodes: RecordedNode[];
  /** Numbers of tensors that were there before and are not inputs. */
  captures: { id: number; type: TensorType }[];
}

/** Listens to the binding. Inputs are known from the start; all else is learnt. */
export class Recorder {
  readonly recording: Recording = { constants: [], nodes: [], captures: [] };
  /** While false, tensors are made for somebody else. */
  listening = true;
  #sources = new Map<number, Source>();
  #varying = new Set<number>();
  #capture: (id: number) => { id: number; type: TensorType };

  /**
   * @param inputs numbers of the tensors that differ from call to call, in order
   * @param capture takes a tensor over that was there before the record
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

  /** The numbers of all tensors that vary, inputs included. */
  varying(): ReadonlySet<number> {
    return this.#varying;
  }

  /** A tensor was made from JavaScript values. */
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

  /** Where tensor `id` comes from; an unknown one is captured. */
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

/** Whether all elements have the same bits: each byte equals the one an element before. */
function isUniform(bytes: Uint8Array, width: number): boolean {
  for (let i = width; i < bytes.length; i++) if (bytes[i] !== bytes[i - width]) return false;
  return true;
}
