/** The functions of an exported generator, with their weights on tfjs. */
import * as tf from "@tensorflow/tfjs";
import { decodeSafetensors } from "../../checkpoint/safetensors.ts";
import { float32Values, int32Values, type StoredTensors } from "../../checkpoint/tensors.ts";
import { runGraph } from "../run_graph.ts";
import {
  GENERATOR_FILE,
  type GeneratorFacts,
  type GeneratorText,
  readGeneratorText,
  WEIGHTS_FILE,
} from "./format.ts";

/** Functions that run on tfjs's active backend. */
export class ExportedFunctions {
  readonly facts: GeneratorFacts;
  readonly #text: GeneratorText;
  readonly #arrays: StoredTensors;
  readonly #constants: Record<string, tf.Tensor> = {};

  constructor(text: GeneratorText, arrays: StoredTensors) {
    this.facts = text.facts;
    this.#text = text;
    this.#arrays = arrays;
    const { functions } = text;
    for (const { name, dtype, shape } of Object.values(functions).flatMap((f) => f.constants)) {
      this.#constants[name] ??= tf.tensor(
        dtype === "int32" ? int32Values(this.#stored(name)) : float32Values(this.#stored(name)),
        [...shape],
        dtype,
      );
    }
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#text.functions, name);
  }

  /** Names and shapes of a function's inputs. */
  inputsOf(name: string): GeneratorText["functions"][string]["inputs"] {
    return this.#function(name).inputs;
  }

  /** An array that is not a constant of a function. */
  array(name: string): Float32Array {
    return float32Values(this.#stored(name));
  }

  /**
   * Runs a function; the caller disposes what it returns. Inputs that the function doesn't have are
   * ignored.
   */
  run(name: string, inputs: Readonly<Record<string, tf.Tensor>>): Record<string, tf.Tensor> {
    const graph = this.#function(name);
    const known = graph.inputs.filter((input) => inputs[input.name]);
    const given = Object.fromEntries(known.map((input) => [input.name, inputs[input.name]!]));
    return runGraph(graph, this.#constants, given);
  }

  dispose(): void {
    tf.dispose(this.#constants);
  }

  #function(name: string) {
    const graph = this.#text.functions[name];
    if (graph) return graph;
    throw new TypeError(`Cannot run "${name}": this generator has no such function`);
  }

  #stored(name: string) {
    const array = Object.hasOwn(this.#arrays, name) ? this.#arrays[name] : undefined;
    if (array) return array;
    throw new SyntaxError(`Cannot read ${WEIGHTS_FILE}: expected the array "${name}"`);
  }
}

/**
 * Fetches the files of an exported generator.
 * @param place its folder: a URL, or a path relative to the working folder
 * @throws Error if they can't be read
 */
export async function fetchFunctions(place: string | URL): Promise<ExportedFunctions> {
  const folder = folderUrl(place);
  const [text, weights] = await Promise.all([
    fetchBytes(new URL(GENERATOR_FILE, folder)),
    fetchBytes(new URL(WEIGHTS_FILE, folder)),
  ]);
  const json = readGeneratorText(JSON.parse(new TextDecoder().decode(text)));
  return new ExportedFunctions(json, decodeSafetensors(weights).tensors);
}

/** The URL of a folder, with a trailing slash. */
export function folderUrl(place: string | URL): URL {
  const text = String(place), folder = text.endsWith("/") ? text : `${text}/`;
  return new URL(folder, baseAddress());
}

/** The base of relative URLs: the page, or the working folder. */
function baseAddress(): string | undefined {
  // one of them exists
  const { document: page, Deno: deno } = globalThis as {
    document?: { baseURI: string };
    Deno?: { cwd(): string };
  };
  return page?.baseURI ?? (deno && new URL(`file://${encodeURI(deno.cwd())}/`).href);
}

async function fetchBytes(address: URL): Promise<Uint8Array> {
  const response = await fetch(address).catch((cause) => {
    throw new Error(`Cannot read ${address}: expected an exported generator there`, { cause });
  });
  if (response.ok) return new Uint8Array(await response.arrayBuffer());
  throw new Error(`Cannot read ${address}: expected it there, received ${response.status}`);
}
