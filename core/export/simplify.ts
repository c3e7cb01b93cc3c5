/** Removes nodes and constants from a graph that have no effect. */
import type { Graph, GraphConstant, GraphNode } from "./graph.ts";
import { typesOf } from "./graph.ts";

/** Size in bytes of the largest constants that are compared for merging. */
const MAX_MERGED_BYTES = 65_536;

/** Removes additions of 0, merges equal constants, and removes what no output needs. */
export function simplify(graph: Graph): Graph {
  return withoutUnused(mergeConstants(withoutZeros(graph)));
}

/** Removes additions of 0, which come from disabled noise. */
function withoutZeros(graph: Graph): Graph {
  const types = typesOf(graph), renamed = new Map<string, string>();
  const zeros = new Set(
    graph.constants.filter(({ values }) => values.every((v) => v === 0)).map(({ name }) => name),
  );
  const shapeOf = (name: string) => JSON.stringify(types.get(name)?.shape);
  const nodes: GraphNode[] = [];
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((name) => renamed.get(name) ?? name);
    const [first, second] = inputs, [output] = node.outputs;
    const kept = node.op !== "Add"
      ? undefined
      : zeros.has(second!)
      ? first
      : zeros.has(first!)
      ? second
      : undefined;
    if (kept !== undefined && shapeOf(kept) === JSON.stringify(output!.shape)) {
      renamed.set(output!.name, kept);
    } else nodes.push({ ...node, inputs });
  }
  return renamedIn({ ...graph, nodes }, renamed);
}

/** Merges constants of equal bytes. */
function mergeConstants(graph: Graph): Graph {
  const known = new Map<string, string>(), renamed = new Map<string, string>();
  const constants: GraphConstant[] = [];
  for (const constant of graph.constants) {
    const { dtype, shape, values, name } = constant;
    const { buffer, byteOffset, byteLength } = values;
    const key = byteLength > MAX_MERGED_BYTES
      ? name
      : `${dtype} ${shape} ${new Uint8Array(buffer, byteOffset, byteLength).toHex()}`;
    const twin = known.get(key);
    if (twin !== undefined) renamed.set(name, twin);
    else {
      known.set(key, name);
      constants.push(constant);
    }
  }
  return renamedIn({ ...graph, constants }, renamed);
}

function withoutUnused(graph: Graph): Graph {
  const needed = new Set(Object.values(graph.outputs)), nodes: GraphNode[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some(({ name }) => needed.has(name))) continue;
    nodes.unshift(node);
    for (const name of node.inputs) needed.add(name);
  }
  return {
    ...graph,
    inputs: graph.inputs.filter(({ name }) => needed.has(name)),
    constants: graph.constants.filter(({ name }) => needed.has(name)),
    nodes,
  };
}

function renamedIn(graph: Graph, renamed: ReadonlyMap<string, string>): Graph {
  const to = (name: string) => renamed.get(name) ?? name;
  return {
    ...graph,
    nodes: graph.nodes.map((node) => ({ ...node, inputs: node.inputs.map(to) })),
    outputs: Object.fromEntries(
      Object.entries(graph.outputs).map(([name, value]) => [name, to(value)]),
    ),
  };
}
