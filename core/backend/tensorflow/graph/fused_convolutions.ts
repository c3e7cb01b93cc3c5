/**
 * Fuses convolution, bias and leaky ReLU into one op of the planned graph: oneDNN adds the bias and
 * applies the activation while a tile of the result is still in the processor's cache, which saves
 * two passes over memory. ReLU is not fused: oneDNN's turns NaN into 0, and a diverging run must
 * show it.
 *
 * TensorFlow's own rewrite (Grappler's remapper) is not used: it fails on training steps, and comes
 * with constant folding, which changes results.
 */
import type { Attribute } from "../binding/attributes.ts";
import { AttrKind, DType } from "../binding/dtypes.ts";
import { endpointTypes, type GraphPlan, nodeOf, type PlannedNode } from "./graph_plan.ts";
import type { TensorType } from "./record.ts";

/**
 * Fuses Conv2D, the addition of a vector over its channels, and leaky ReLU where nothing else reads
 * the intermediate results. The gradient of leaky ReLU only needs the sign of its input, which is
 * also the sign of its output if the slope is positive.
 * @returns the plan with `_FusedConv2D` in their place
 */
export function fuseConvolutions(plan: GraphPlan): GraphPlan {
  const types = endpointTypes(plan), uses = usesOf(plan);
  const byName = new Map(plan.nodes.map((node) => [node.name, node]));
  const removed = new Set<PlannedNode>(); // nodes that were fused into another
  const renamed = new Map<string, string>(); // old endpoint → new endpoint
  const fused = new Map<PlannedNode, PlannedNode>(); // addition → the node that replaces it

  for (const addition of plan.nodes) {
    const sum = `${addition.name}:0`;
    const found = convolutionAndBias(addition, { byName, types, uses });
    if (!found) continue;
    const { convolution, bias } = found;
    const activation = onlyActivation(uses.get(sum) ?? []);
    removed.add(convolution);
    if (activation) {
      removed.add(activation);
      renamed.set(`${activation.name}:0`, sum);
    }
    fused.set(addition, {
      name: addition.name,
      op: "_FusedConv2D",
      inputs: [...convolution.inputs, bias],
      attributes: fusedAttributes(convolution, activation),
      outputs: addition.outputs,
    });
  }

  const renameAll = (endpoints: readonly string[]) => endpoints.map((e) => renamed.get(e) ?? e);
  const nodes = plan.nodes.filter((node) => !removed.has(node)).map((node) => {
    const { inputs, ...rest } = fused.get(node) ?? node;
    return { ...rest, inputs: renameAll(inputs) };
  });
  return { ...plan, nodes, outputs: renameAll(plan.outputs) };
}

/** A reader of an endpoint; `node` is undefined for an output of the graph. */
interface Use {
  node: PlannedNode | undefined;
  position: number;
}

interface Lookup {
  byName: ReadonlyMap<string, PlannedNode>;
  types: ReadonlyMap<string, TensorType>;
  uses: ReadonlyMap<string, readonly Use[]>;
}

/**
 * The convolution to which `node` adds a bias, if it does and nothing else reads the convolution.
 */
function convolutionAndBias(
  node: PlannedNode,
  { byName, types, uses }: Lookup,
): { convolution: PlannedNode; bias: string } | undefined {
  if (node.op !== "Add" && node.op !== "AddV2") return undefined;
  const [a = "", b = ""] = node.inputs;
  for (const [endpoint, bias] of [[a, b], [b, a]] as const) {
    const convolution = byName.get(nodeOf(endpoint));
    if (convolution?.op !== "Conv2D" || !isPlain(convolution)) continue;
    const result = types.get(endpoint), added = types.get(bias);
    const channels = result?.shape.at(-1);
    if (added?.shape.length !== 1 || added.shape[0] !== channels) continue;
    if (uses.get(endpoint)?.length === 1) return { convolution, bias };
  }
  return undefined;
}

/** The leaky ReLU that reads a sum, if all other readers are its gradients. */
function onlyActivation(uses: readonly Use[]): PlannedNode | undefined {
  const others = uses.filter(({ node, position }) =>
    !(node?.op === "LeakyReluGrad" && position === 1)
  );
  const activation = others.length === 1 ? others[0]!.node : undefined;
  return activation?.op === "LeakyRelu" && slopeOf(activation) > 0 ? activation : undefined;
}

function slopeOf({ attributes }: PlannedNode): number {
  // 0.2 is TensorFlow's default
  return Number(attributes.find(({ name }) => name === "alpha")?.value ?? 0.2);
}

/**
 * Whether the convolution is one that the fused op supports: float32, NHWC, no dilation, named
 * padding.
 */
function isPlain({ attributes }: PlannedNode): boolean {
  const value = (name: string) => attributes.find((attribute) => attribute.name === name)?.value;
  // this attribute is a list of numbers
  const dilations = value("dilations") as readonly number[] | undefined;
  return value("T") === DType.FLOAT && value("data_format") === "NHWC" &&
    value("padding") !== "EXPLICIT" && (dilations ?? []).every((d) => d === 1);
}

function fusedAttributes(convolution: PlannedNode, activation?: PlannedNode): Attribute[] {
  const kept = ["T", "strides", "padding", "data_format", "dilations"];
  const ops = ["BiasAdd", ...activation ? [activation.op] : []];
  const alpha = activation?.attributes.find(({ name }) => name === "alpha");
  return [
    ...convolution.attributes.filter(({ name }) => kept.includes(name)),
    { name: "TArgs", type: AttrKind.TYPE, value: [DType.FLOAT] },
    { name: "num_args", type: AttrKind.INT, value: 1 },
    { name: "fused_ops", type: AttrKind.STRING, value: ops },
    ...alpha ? [{ ...alpha, name: "leakyrelu_alpha" }] : [],
  ];
}

function usesOf(plan: GraphPlan): Map<string, Use[]> {
  const uses = new Map<string, Use[]>();
  const add = (endpoint: string, use: Use) => {
    const list = uses.get(endpoint);
    if (list) list.push(use);
    else uses.set(endpoint, [use]);
  };
  for (const node of plan.nodes) {
    node.inputs.forEach((endpoint, position) => add(endpoint, { node, position }));
  }
  plan.outputs.forEach((endpoint, position) => add(endpoint, { node: undefined, position }));
  return uses;
}
