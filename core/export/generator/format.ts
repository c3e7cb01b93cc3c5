/**
 * What an exported generator's folder holds for programs: `generator.json` with its functions and
 * facts, and `weights.safetensors` with the numbers. Kept apart from runs: it has no path of the
 * machine, no state of training.
 */
import type { GraphText } from "../graph.ts";
import { GRAPH_OPS } from "../graph_ops.ts";

/** Names of the two files. */
export const GENERATOR_FILE = "generator.json";
/** The arrays of all functions. */
export const WEIGHTS_FILE = "weights.safetensors";

/** Raised when the files' shape changes. */
export const GENERATOR_VERSION = 1;

/** What there is of every kind. */
interface CommonFacts {
  /** Of the run that it is from. */
  name: string;
  imagesSeen: number;
  /** px a side of what it draws, or was trained to draw. */
  resolution: number;
  /** 1 is grey, 3 RGB, 4 RGB and opacity. */
  channels: number;
}

/** A direction in w; its step is the array "direction/<index>", [F]. */
export interface DirectionFacts {
  name: string;
  /** Layers that it is meant for. */
  layers: number[];
}

/** A generator that draws from latents: functions "map" and "synthesize", or "generate". */
export interface LatentFacts extends CommonFacts {
  kind: "latents";
  latentSize: number;
  /** Classes; empty where it has none. */
  labels: string[];
  /** Layers that take a style; 0: none. */
  layers: number;
  /** The first layer that is not truncated; null: all are. */
  truncationCutoff: number | null;
  directions: DirectionFacts[];
}

/** A generator that enlarges pictures: the function "enlarge". */
export interface EnlargerFacts extends CommonFacts {
  kind: "enlarge";
  scale: number;
  /** Input pixels to each side on which an output pixel depends. */
  reach: number;
  /** Longest side of a tile of the input, px. */
  side: number;
}

/** A generator that goes on with drawings: the functions "complete" and "next_part". */
export interface CompleterFacts extends CommonFacts {
  kind: "complete";
  classes: string[];
  /** Length of z; 0: none. */
  latentSize: number;
  /** Of rasters, px. */
  lineWidth: number;
}

/** By kind. */
export type GeneratorFacts = LatentFacts | EnlargerFacts | CompleterFacts;

/** generator.json. */
export interface GeneratorText {
  format: "cambium-generator";
  version: typeof GENERATOR_VERSION;
  facts: GeneratorFacts;
  functions: Record<string, GraphText>;
}

/**
 * Reads generator.json, which may come from anywhere: ops that graphs don't have are refused.
 * @throws SyntaxError where it is none, or of a later version
 */
export function readGeneratorText(json: unknown): GeneratorText {
  const { format, version, functions, facts } = (json ?? {}) as Partial<GeneratorText>; // checked
  if (format !== "cambium-generator" || !functions || !facts) {
    throw new SyntaxError(
      `Cannot read ${GENERATOR_FILE}: expected an exported generator, received another file`,
    );
  }
  if (version !== GENERATOR_VERSION) {
    throw new SyntaxError(
      `Cannot read ${GENERATOR_FILE}: expected version ${GENERATOR_VERSION}, received ` +
        `${version}. Export it again, or use a newer Cambium`,
    );
  }
  for (const [name, graph] of Object.entries(functions)) expectRunnable(name, graph);
  return { format, version, functions, facts };
}

/** Each op is known, and each value is there before it is used. */
function expectRunnable(name: string, { inputs, constants, nodes, outputs }: GraphText): void {
  const known = new Set([...inputs, ...constants].map((value) => value.name));
  const expectKnown = (value: string) => {
    if (known.has(value)) return;
    throw new SyntaxError(`Cannot read ${GENERATOR_FILE}: expected "${value}" of ${name}`);
  };
  for (const node of nodes) {
    if (!Object.hasOwn(GRAPH_OPS, node.op)) {
      throw new SyntaxError(`Cannot read ${GENERATOR_FILE}: expected no op "${node.op}"`);
    }
    node.inputs.forEach(expectKnown);
    for (const output of node.outputs) known.add(output.name);
  }
  Object.values(outputs).forEach(expectKnown);
}
