/** Packs functions and facts into the two files of an exported generator. */
import { joinBytes } from "../../join_bytes.ts";
import { sha256 } from "../../sha256.ts";
import { encodeSafetensors } from "../../checkpoint/safetensors.ts";
import { storedTensor, type StoredTensors } from "../../checkpoint/tensors.ts";
import type { Graph, GraphConstant, GraphText } from "../graph.ts";
import {
  GENERATOR_FILE,
  GENERATOR_VERSION,
  type GeneratorFacts,
  type GeneratorText,
  WEIGHTS_FILE,
} from "./format.ts";

/** An array that is not a constant of a function. */
export interface PackedArray {
  values: Float32Array;
  shape: readonly number[];
}

/** @returns the files by name */
export function packGenerator(
  facts: GeneratorFacts,
  functions: Readonly<Record<string, Graph>>,
  arrays: Readonly<Record<string, PackedArray>> = {},
): Record<string, Uint8Array> {
  const tensors: StoredTensors = {};
  for (const [name, { values, shape }] of Object.entries(arrays)) {
    tensors[name] = storedTensor(values, shape);
  }
  const known = new Map<string, string>(); // constants that several functions share are stored once
  const texts = Object.entries(functions).map(([of, graph]): [string, GraphText] => {
    const renamed = new Map<string, string>();
    for (const constant of graph.constants) renamed.set(constant.name, keep(of, constant));
    const to = (name: string) => renamed.get(name) ?? name;
    return [of, {
      inputs: graph.inputs,
      constants: graph.constants.map(({ name, dtype, shape }) => ({
        name: to(name),
        dtype,
        shape,
      })),
      nodes: graph.nodes.map((node) => ({ ...node, inputs: node.inputs.map(to) })),
      outputs: Object.fromEntries(
        Object.entries(graph.outputs).map(([name, value]) => [name, to(value)]),
      ),
    }];
  });
  const text: GeneratorText = {
    format: "cambium-generator",
    version: GENERATOR_VERSION,
    facts,
    functions: Object.fromEntries(texts),
  };
  const chunks = encodeSafetensors(tensors, { name: facts.name });
  return {
    [GENERATOR_FILE]: new TextEncoder().encode(JSON.stringify(text) + "\n"),
    [WEIGHTS_FILE]: joinBytes(chunks),
  };

  function keep(of: string, { name, dtype, shape, values }: GraphConstant): string {
    const { buffer, byteOffset, byteLength } = values;
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    const key = `${dtype} ${shape} ${sha256(bytes)}`;
    const twin = known.get(key);
    if (twin !== undefined) return twin;
    const path = `${of}/${name}`;
    known.set(key, path);
    tensors[path] = storedTensor(values, shape);
    return path;
  }
}
