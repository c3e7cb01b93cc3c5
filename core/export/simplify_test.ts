import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import type { Graph, GraphConstant } from "./graph.ts";
import { runGraph } from "./run_graph.ts";
import { simplify } from "./simplify.ts";

await tf.setBackend("cpu");

const constant = (name: string, shape: number[], values: number[]): GraphConstant => ({
  name,
  dtype: "float32",
  shape,
  values: Float32Array.from(values),
});

/** x plus one constant after another; each sum is an output. */
function sumsOf(constants: GraphConstant[], shape: number[], sums: number[][]): Graph {
  const nodes = constants.map(({ name }, i) => ({
    op: "Add",
    inputs: [i === 0 ? "x" : `v${i - 1}`, name],
    outputs: [{ name: `v${i}`, dtype: "float32" as const, shape: sums[i]! }],
    attributes: {},
  }));
  const outputs = Object.fromEntries(constants.map((_, i) => [`y${i}`, `v${i}`]));
  return { inputs: [{ name: "x", dtype: "float32", shape }], constants, nodes, outputs };
}

function run(graph: Graph, x: tf.Tensor): Record<string, number[]> {
  const before = tf.memory().numTensors;
  const constants = Object.fromEntries(
    graph.constants.map(({ name, shape, values }) => [name, tf.tensor(values, [...shape])]),
  );
  const results = runGraph(graph, constants, { x });
  const values = Object.entries(results).map(([name, y]) => [name, [...y.dataSync()]]);
  tf.dispose([constants, results]);
  assert.equal(tf.memory().numTensors, before);
  return Object.fromEntries(values);
}

Deno.test("simplify() leaves out sums with 0 alone, and only where they change no shape", () => {
  const graph = sumsOf(
    [
      constant("zeros", [2], [0, 0]),
      constant("some", [2], [0, 3]),
      constant("rows", [2, 2], [0, 0, 0, 0]),
    ],
    [2],
    [[2], [2], [2, 2]],
  );
  const simple = simplify(graph), x = tf.tensor1d([1, 2]);
  assert.deepEqual(simple.constants.map(({ name }) => name), ["some", "rows"]);
  // Each sum is an output, and some are inputs of the next.
  assert.deepEqual(run(simple, x), { y0: [1, 2], y1: [1, 5], y2: [1, 5, 1, 5] });
  assert.deepEqual(run(simple, x), run(graph, x));
  x.dispose();
});

Deno.test("simplify() merges constants of equal values and shapes, no others", () => {
  const graph = sumsOf(
    [
      constant("row", [1, 2], [1, 2]),
      constant("same", [1, 2], [1, 2]),
      constant("column", [2, 1], [1, 2]),
    ],
    [2, 2],
    [[2, 2], [2, 2], [2, 2]],
  );
  const simple = simplify(graph), x = tf.zeros([2, 2]);
  assert.deepEqual(simple.constants.map(({ name }) => name), ["row", "column"]);
  assert.deepEqual(run(simple, x), run(graph, x));
  x.dispose();
});
