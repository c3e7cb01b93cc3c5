/**
 * Splits each batch into shards, one per thread, as a rewrite of the planned graph. Two
 * convolutions of half a batch on one thread each take less time than one of the whole batch on two
 * threads: no thread waits for the other at the end of every op, and the shard that was just
 * computed is still in its processor's cache when the next op reads it.
 *
 * The result stays the model's: a shard is followed through the graph only where the op's rule says
 * how its outputs combine (shard_rules.ts), and statistics over the batch are taken over all of it.
 * Sums over the batch are added in another order, so the number of shards affects a run's exact
 * results. Sums shared by several processes are taken as late as possible (partial_sums.ts). In
 * bfloat16 each shard's sum is rounded separately.
 */
import { AttrKind, DType } from "../binding/dtypes.ts";
import { AddedConstants } from "./added_constants.ts";
import { nodesThatCompare } from "./compared_rows.ts";
import {
  endpointTypes,
  type GraphPlan,
  type PlannedConstant,
  type PlannedNode,
  sizeOf,
} from "./graph_plan.ts";
import { type PartialSums, partialSums } from "./partial_sums.ts";
import type { TensorType } from "./record.ts";
import { type Cut, type NodeView, RULES } from "./shard_rules.ts";

/** Expensive ops that are worth sharding even if none of their inputs is sharded yet. */
const PRODUCTS = new Set([
  "Conv2D",
  "_FusedConv2D",
  "Conv2DBackpropInput",
  "Conv2DBackpropFilter",
  "DepthwiseConv2dNative",
  "BatchMatMulV2",
]);
/**
 * Random ops are computed for the whole batch, so that draws do not depend on the number of shards.
 */
const DRAWS = new Set(["StatelessRandomNormalV2", "StatelessRandomUniformV2"]);
/** Fewest elements of an input that is worth splitting for a product, if the plan is not shared. */
const WORTH_CUTTING = 4096;

/** Which part of a batch a process computes. */
export interface Share {
  workers: number;
  /** 0 … workers - 1; shards are assigned in this order. */
  rank: number;
}

const ALONE: Share = { workers: 1, rank: 0 };

/**
 * Placeholder ops of a shared plan, with one input each: the sum over all workers, and the
 * concatenation of their rows. `lowerJoins()` replaces them by TensorFlow's collectives.
 */
export const Joins = { sum: "JoinSum", rows: "JoinRows" } as const;

/**
 * @param plan float32 or mixed precision
 * @param local number of shards that this process computes
 * @param shared which part of the batch this process computes, if several share it; the plan then
 * contains {@linkcode Joins} and only this process's shards. A share of one worker is sharded at
 * the same places as one of several: one worker with two shards computes bit for bit what two
 * workers with one shard each do
 * @param ownRows names of inputs of which a process has only its own rows
 * @returns the plan unchanged if there is only one shard in total
 */
export function shardPlan(
  plan: GraphPlan,
  local: number,
  shared?: Share,
  ownRows: ReadonlySet<string> = new Set(),
): GraphPlan {
  const how = { local, share: shared ?? ALONE, isShared: shared !== undefined, ownRows };
  if (local * how.share.workers === 1) return plan;
  const { cut, cuts } = cutPlan(plan, how);
  if (!shared) return cut; // all parts are local: summing them later saves nothing
  const parts = partialSums(plan, cuts);
  return parts.kept.size === 0 ? cut : cutPlan(plan, how, parts).cut;
}

/** How a plan is sharded. */
interface CutOptions {
  local: number;
  share: Share;
  isShared: boolean;
  ownRows: ReadonlySet<string>;
}

const NO_PARTS: PartialSums = { kept: new Set(), linear: new Set() };

/** @returns the sharded plan and, by node name, how the results of its shards combine */
function cutPlan(
  plan: GraphPlan,
  { local, share, isShared, ownRows }: CutOptions,
  { kept, linear } = NO_PARTS,
): { cut: GraphPlan; cuts: Map<string, Cut["result"]> } {
  const shards = local * share.workers, first = local * share.rank;
  const worthCutting = isShared ? 1 : WORTH_CUTTING;
  const types = endpointTypes(plan);
  const originals = new Map(plan.constants.map((constant) => [`${constant.name}:0`, constant]));
  const constants = new AddedConstants(plan.constants, "shard_const"), nodes: PlannedNode[] = [];
  const inPieces = new Map<string, string[]>(); // endpoint → its shards
  const onlyInPieces = new Set<string>(); // endpoints that only exist in shards
  // endpoint in shards → the endpoint of its concatenation
  const joinedNames = new Map<string, string>();
  const cuts = new Map<string, Cut["result"]>();
  const comparing = nodesThatCompare(plan, types);
  const compared = new Set<string>(); // endpoints whose rows those nodes compare
  const partsOf = new Map<string, string[]>(); // endpoint that stays a partial sum → its parts

  for (const input of ownRows) {
    piecesOf(`${input}:0`);
    onlyInPieces.add(`${input}:0`); // ops that need all rows gather them
  }
  for (const node of plan.nodes) {
    const cut = worthwhileCut(node);
    if (cut) compute(node, cut);
    else if (linear.has(node.name)) computeParts(node);
    else nodes.push({ ...node, inputs: node.inputs.map(whole) });
    const result = node.outputs[0];
    if (DRAWS.has(node.op) && result && canCut(result) && sizeOf(result) >= worthCutting) {
      piecesOf(`${node.name}:0`);
    }
  }
  const outputs = plan.outputs.map(whole); // adds nodes
  return { cut: { ...plan, constants: constants.all, nodes, outputs }, cuts };

  function worthwhileCut(node: PlannedNode): Cut | undefined {
    const rule = RULES.get(node.op);
    if (!rule || node.inputs.some((input) => input.startsWith("^"))) return undefined;
    const view = viewOf(node), cut = rule(view, shards);
    if (!cut) return undefined;
    const taken = cut.inputs.flatMap((kind, i) => kind === "piece" ? [i] : []);
    if (taken.length === 0 || taken.some((i) => !canCut(view.inputs[i]!))) return undefined;
    if (cut.result === "pieces" && !view.outputs.every(canCut)) return undefined;
    const [rows = ""] = node.inputs;
    if (isShared && cut.result !== "pieces" && inPieces.has(rows) && comparing.has(node.name)) {
      compared.add(rows);
      return undefined;
    }
    if (taken.some((i) => inPieces.has(node.inputs[i]!) && !compared.has(node.inputs[i]!))) {
      return cut;
    }
    if (!PRODUCTS.has(node.op) || node.outputs[0]!.shape.length < 3) return undefined;
    return taken.some((i) => sizeOf(view.inputs[i]!) >= worthCutting) ? cut : undefined;
  }

  function compute(node: PlannedNode, cut: Cut): void {
    cuts.set(node.name, cut.result);
    const given = cut.inputs.map((kind, i) => {
      const input = node.inputs[i]!; // one kind for each
      if (kind === "piece") return piecesOf(input);
      return Array<string>(local).fill(kind === "whole" ? whole(input) : constants.integers(kind));
    });
    const pieceOutputs = node.outputs.map(cut.result === "pieces" ? pieceType : (type) => type);
    for (let shard = 0; shard < local; shard++) {
      nodes.push({
        ...node,
        name: `${node.name}/${shard}`,
        inputs: given.map((list) => list[shard]!), // as many as local pieces
        outputs: pieceOutputs,
      });
    }
    node.outputs.forEach((type, output) => {
      const endpoint = `${node.name}:${output}`;
      const parts = Array.from({ length: local }, (_, s) => `${node.name}/${s}:${output}`);
      if (cut.result === "pieces") {
        inPieces.set(endpoint, parts);
        onlyInPieces.add(endpoint);
        return;
      }
      if (kept.has(endpoint)) partsOf.set(endpoint, parts);
      else join(node.name, parts, { type, mean: cut.result === "mean" });
    });
  }

  /** Computes a linear node for each shard, and sums here unless the result may stay partial. */
  function computeParts(node: PlannedNode): void {
    const parts = Array.from({ length: local }, (_, s) => `${node.name}/${s}:0`);
    for (const [shard, part] of parts.entries()) {
      const inputs = node.inputs.map((input) => partsOf.get(input)?.[shard] ?? whole(input));
      nodes.push({ ...node, name: part.slice(0, -":0".length), inputs });
    }
    const endpoint = `${node.name}:0`;
    if (kept.has(endpoint)) partsOf.set(endpoint, parts);
    else join(node.name, parts, { type: node.outputs[0]!, mean: false }); // these ops have one
  }

  /** Adds up the results of the shards under the node's name. */
  function join(
    name: string,
    parts: readonly string[],
    { type, mean }: { type: TensorType; mean: boolean },
  ): void {
    const T = { name: "T", type: AttrKind.TYPE, value: type.dtype };
    const sum = mean ? `${name}/sum` : name;
    const own = share.workers === 1 ? sum : `${name}/own`;
    nodes.push({
      name: own,
      op: "AddN",
      inputs: parts,
      attributes: [{ name: "N", type: AttrKind.INT, value: parts.length }, T],
      outputs: [type],
    });
    if (own !== sum) gather(Joins.sum, { name: sum, input: `${own}:0`, type });
    if (!mean) return;
    const part = constants.number(1 / shards);
    nodes.push({ name, op: "Mul", inputs: [`${sum}:0`, part], attributes: [T], outputs: [type] });
  }

  function gather(op: string, join: { name: string; input: string; type: TensorType }): void {
    const { name, input, type } = join;
    nodes.push({ name, op, inputs: [input], attributes: [], outputs: [type] });
  }

  function piecesOf(endpoint: string): string[] {
    const known = inPieces.get(endpoint);
    if (known) return known;
    const type = types.get(endpoint)!, name = `${label(endpoint)}/cut`; // typed: the rule saw it
    nodes.push({
      name,
      op: "Split",
      inputs: [constants.integer(0), endpoint],
      attributes: [
        { name: "num_split", type: AttrKind.INT, value: shards },
        { name: "T", type: AttrKind.TYPE, value: type.dtype },
      ],
      outputs: Array<TensorType>(shards).fill(pieceType(type)),
    });
    const made = Array.from({ length: local }, (_, s) => `${name}:${first + s}`);
    inPieces.set(endpoint, made);
    return made;
  }

  /** The endpoint for the whole batch, concatenated first if it only exists in shards. */
  function whole(endpoint: string): string {
    if (!onlyInPieces.has(endpoint)) return endpoint;
    const joined = joinedNames.get(endpoint);
    if (joined) return joined;
    const type = types.get(endpoint)!, name = `${label(endpoint)}/whole`; // typed: a node's output
    const parts = inPieces.get(endpoint)!; // it is in pieces
    const own = share.workers === 1 ? name : `${name}/own`;
    const [rows = 0, ...rest] = type.shape; // canCut() said so
    if (local > 1) {
      nodes.push({
        name: own,
        op: "ConcatV2",
        inputs: [...parts, constants.integer(0)],
        attributes: [
          { name: "N", type: AttrKind.INT, value: local },
          { name: "T", type: AttrKind.TYPE, value: type.dtype },
          { name: "Tidx", type: AttrKind.TYPE, value: DType.INT32 },
        ],
        outputs: [{ dtype: type.dtype, shape: [rows / share.workers, ...rest] }],
      });
    }
    if (share.workers > 1) {
      gather(Joins.rows, { name, input: local > 1 ? `${own}:0` : parts[0]!, type });
    }
    joinedNames.set(endpoint, `${name}:0`);
    return `${name}:0`;
  }

  function viewOf(node: PlannedNode): NodeView {
    return {
      op: node.op,
      inputs: node.inputs.map((input) => types.get(input)!), // all but "^name" have a type
      outputs: node.outputs,
      attribute: (name) => node.attributes.find((attribute) => attribute.name === name)?.value,
      integers: (input) => integersOf(originals.get(node.inputs[input] ?? "")),
    };
  }

  /** Whether the first axis can be divided into equal shards. */
  function canCut({ shape }: TensorType): boolean {
    return shape.length > 0 && shape[0]! > 0 && shape[0]! % shards === 0;
  }

  function pieceType({ dtype, shape }: TensorType): TensorType {
    return { dtype, shape: [shape[0]! / shards, ...shape.slice(1)] }; // canCut() said so
  }
}

/** "Split_3:1" in a form that can be part of a node's name. */
function label(endpoint: string): string {
  const [node, output] = endpoint.split(":");
  return output === "0" ? node! : `${node}/${output}`; // split() returns at least one part
}

function integersOf(constant: PlannedConstant | undefined): number[] | undefined {
  if (constant?.dtype !== DType.INT32 || !(constant.bytes instanceof Uint8Array)) return undefined;
  const values = [...new Int32Array(constant.bytes.slice().buffer)];
  // a uniform constant stores one element
  return constant.uniform ? Array<number>(sizeOf(constant)).fill(values[0]!) : values;
}
