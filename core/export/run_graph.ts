/** Runs a graph on tfjs's active backend. */
import * as tf from "@tensorflow/tfjs";
import type { Graph } from "./graph.ts";
import { GRAPH_OPS } from "./graph_ops.ts";

/**
 * Runs a graph once.
 * @param constants its constants, by name; they are not disposed
 * @param inputs by name; they are not disposed
 * @returns its outputs, which the caller disposes
 * @throws TypeError if an input is missing, or of another shape
 */
export function runGraph(
  graph: Omit<Graph, "constants">,
  constants: Readonly<Record<string, tf.Tensor>>,
  inputs: Readonly<Record<string, tf.Tensor>>,
): Record<string, tf.Tensor> {
  const sizes = sizesOf(graph, inputs);
  const lastUse = new Map<string, number>();
  graph.nodes.forEach((node, i) => node.inputs.forEach((name) => lastUse.set(name, i)));
  const kept = new Set(Object.values(graph.outputs));
  return tf.tidy(() => {
    const values: Record<string, tf.Tensor> = { ...constants, ...inputs };
    const made = new Set<string>();
    graph.nodes.forEach(({ op, inputs, outputs, attributes }, i) => {
      const given = inputs.map((name) => values[name]!); // in an order in which they can run
      // The op was validated when the graph was built or read.
      const result = GRAPH_OPS[op]!.run(given, attributes, sizes);
      const results = Array.isArray(result) ? result : [result];
      outputs.forEach(({ name }, k) => {
        values[name] = results[k]!; // same length
        made.add(name);
      });
      for (const name of new Set(inputs)) {
        if (lastUse.get(name) === i && made.has(name) && !kept.has(name)) values[name]!.dispose();
      }
    });
    return Object.fromEntries(
      // An output may be an input, but the caller must own what it receives.
      Object.entries(graph.outputs).map(([name, value]) => [name, tf.clone(values[value]!)]),
    );
  });
}

function sizesOf(
  { inputs }: Pick<Graph, "inputs">,
  given: Readonly<Record<string, tf.Tensor>>,
): Record<string, number> {
  const sizes: Record<string, number> = {};
  for (const { name, shape } of inputs) {
    const tensor = given[name], expected = shape.map((s) => typeof s === "number" ? s : s.of[0]);
    const fits = tensor?.shape.length === shape.length && shape.every((size, i) => {
      const side = tensor.shape[i]!; // same rank
      if (typeof size === "number") return side === size;
      const symbol = size.of[0]!; // an input's size is one symbol
      return (sizes[symbol] ??= side) === side;
    });
    if (!fits) {
      throw new TypeError(
        `Cannot run: expected input ${name} [${expected}], received ${
          tensor ? `[${tensor.shape}]` : "none"
        }`,
      );
    }
  }
  return sizes;
}
