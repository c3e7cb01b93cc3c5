/**
 * Turns a model's own function into a {@linkcode Graph}: it is recorded with inputs of several
 * sizes, and comparing the recordings shows what depends on a size or a number.
 */
import * as tf from "@tensorflow/tfjs";
import type { ExportedFunction } from "../plugin/mod.ts";
import { Random, seedFor } from "../random.ts";
import { buildGraph } from "./build_graph.ts";
import { ExportError } from "./export_error.ts";
import type { Graph } from "./graph.ts";
import { type KernelRecording, type RecordedNoise, recordOnce } from "./record_once.ts";
import { simplify } from "./simplify.ts";

/** A function to record. */
export interface FunctionSpec extends Pick<ExportedFunction, "inputs"> {
  /** Numbers that become inputs of the graph if they have an effect, e.g. ["truncation"]. */
  numbers?: readonly string[];
  /** Tensor code; its intermediate tensors are disposed by the caller. */
  run(
    inputs: Record<string, tf.Tensor>,
    numbers: Readonly<Record<string, number>>,
  ): Record<string, tf.Tensor>;
}

/**
 * The first and second value of each symbol's size and of each number, chosen so that products are
 * unambiguous.
 */
const SIZES = [[2, 3], [6, 10], [10, 14]] as const;
const NUMBERS = [0.4375, 0.3125] as const;

/**
 * Records a function with the current weights.
 * @param noise how its random draws are recorded
 * @throws ExportError if its ops can't be exported, or depend on values
 */
export async function recordGraph(spec: FunctionSpec, noise: RecordedNoise): Promise<Graph> {
  const symbols = [
    ...new Set(
      Object.values(spec.inputs).flatMap(({ shape }) =>
        shape.filter((size) => typeof size === "string")
      ),
    ),
  ];
  if (symbols.length > SIZES.length) {
    throw new ExportError(`Cannot export: expected at most ${SIZES.length} free sizes`);
  }
  const [base, changed] = [0, 1].map((which) =>
    Object.fromEntries(symbols.map((symbol, i) => [symbol, SIZES[i]![which]!])) // same length
  ) as [Record<string, number>, Record<string, number>];
  const numbers = spec.numbers ?? [];
  const numbersWith = (other?: string) =>
    Object.fromEntries(numbers.map((name) => [name, NUMBERS[name === other ? 1 : 0]]));
  const first = await record(spec, base, numbersWith(), noise);
  const bySize: KernelRecording[] = [], byNumber: KernelRecording[] = [];
  for (const symbol of symbols) {
    const sizes = { ...base, [symbol]: changed[symbol]! };
    bySize.push(await record(spec, sizes, numbersWith(), noise));
  }
  for (const name of numbers) byNumber.push(await record(spec, base, numbersWith(name), noise));
  return simplify(buildGraph({
    first,
    bySize,
    byNumber,
    sizes: { base, changed },
    numbers: numbers.map((name) => ({ name, first: NUMBERS[0], other: NUMBERS[1] })),
  }));
}

async function record(
  { inputs, run }: FunctionSpec,
  sizes: Readonly<Record<string, number>>,
  numbers: Readonly<Record<string, number>>,
  noise: RecordedNoise,
): Promise<KernelRecording> {
  const random = new Random(seedFor(0, "export"));
  const tensors = Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, dtype = "float32" }]) => {
      const known = shape.map((size) => typeof size === "string" ? sizes[size]! : size); // a symbol
      const length = known.reduce((product, size) => product * size, 1);
      const values = dtype === "int32" ? new Int32Array(length) : random.normals(length);
      return [name, tf.tensor(values, known, dtype)];
    }),
  );
  try {
    return await recordOnce({ inputs: tensors, fn: (given) => run(given, numbers), noise });
  } finally {
    tf.dispose(tensors);
  }
}
