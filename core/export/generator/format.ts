/**
 * The format of an exported generator's folder: `generator.json` with its functions and facts, and
 * `weights.safetensors` with the numbers. It is independent of runs: it contains no paths of the
 * machine and no training state.
 */
import type { GraphText } from "../graph.ts";
import { GRAPH_OPS } from "../graph_ops.ts";

/** Functions and facts. */
export const GENERATOR_FILE = "generator.json";
/** The arrays of all functions. */
export const WEIGHTS_FILE = "weights.safetensors";

/** Incremented when the files' format changes. */
export const GENERATOR_VERSION = 1;

/** Facts that every kind has. */
interface CommonFacts {
  /** Name of the run that it is from. */
  name: string;
  imagesSeen: number;
  /** Side in px of the pictures it draws, or was trained on. */
  resolution: number;
  /** 1 is greyscale, 3 RGB, 4 RGBA. */
  channels: number;
}

/** A direction in w; its step is the array "direction/<index>", [F]. */
export interface DirectionFacts {
  name: string;
  /** The layers to which it applies. */
  layers: number[];
}

/** A generator that draws from latents: functions "map" and "synthesize", or "generate". */
export interface LatentFacts extends CommonFacts {
  kind: "latents";
  latentSize: number;
  /** Class names; empty if the model is unconditional. */
  labels: string[];
  /** Number of layers that take a style; 0: none. */
  layers: number;
  /** The first layer that is not truncated; null: all are. */
  truncationCutoff: number | null;
  directions: DirectionFacts[];
}

/** A generator that enlarges pictures: the function "enlarge". */
export interface EnlargerFacts extends CommonFacts {
  kind: "enlarge";
  scale: number;
  /** Receptive field: input pixels to each side on which an output pixel depends. */
  reach: number;
  /** Longest side of an input tile in px. */
  side: number;
}

/** A generator that continues drawings: the functions "complete" and "next_part". */
export interface CompleterFacts extends CommonFacts {
  kind: "complete";
  classes: string[];
  /** Length of z; 0: none. */
  latentSize: number;
  /** Line width of the rasters in px. */
  lineWidth: number;
}

/** Facts by kind. */
export type GeneratorFacts = LatentFacts | EnlargerFacts | CompleterFacts;

/** The content of generator.json. */
export interface GeneratorText {
  format: "cambium-generator";
  version: typeof GENERATOR_VERSION;
  facts: GeneratorFacts;
  functions: Record<string, GraphText>;
}

/**
 * Validates generator.json from an untrusted source: unknown ops are refused.
 * @throws SyntaxError if it is not an exported generator, or of a later version
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

/** Checks that each op is known, and that each value is defined before it is used. */
function expectRunnable(name: string, { inputs, constants, nodes, outputs }: GraphText): void {
  const known = new Set([...inputs, ...constants].map((value) => value.name));
  const expectKnown = (value: string) => {
    if (known.has(value)) return;
    throw new SyntaxError(`Cannot read ${GENERATOR_FILE}: expected "${value}" of ${name}`);
  };
  for (const node of nodes) {
    if (!Object.hasOwn(GRAPH_OPS, node.op)) {
      throw new SyntaxError(
        `Cannot read ${GENERATOR_FILE}: expected known ops, received "${node.op}"`,
      );
    }
    node.inputs.forEach(expectKnown);
    for (const output of node.outputs) known.add(output.name);
  }
  Object.values(outputs).forEach(expectKnown);
}
