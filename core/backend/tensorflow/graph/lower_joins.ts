/**
 * From the joins of a shared plan to TensorFlow's collective ops, in few buffers: sums that do not
 * wait for one another travel as one vector, since a collective costs a round trip whatever its
 * size. All workers make the same plan, and so the same collectives under the same keys.
 */
import { AttrKind, DType } from "../binding/dtypes.ts";
import type { CollectiveStats } from "../../types.ts";
import { AddedConstants } from "./added_constants.ts";
import { endpointTypes, type GraphPlan, sizeOf } from "./graph_plan.ts";
import type { PlannedNode } from "./graph_plan.ts";
import type { TensorType } from "./record.ts";
import { Joins } from "./shard_plan.ts";

/** Types that collectives don't know, and those that hold all their values: masks travel as int32. */
const CARRIERS = new Map<number, number>([[DType.BOOL, DType.INT32], [DType.UINT8, DType.INT32]]);

/** Of all workers, one device each; TensorFlow wants the same number in all processes. */
const GROUP_KEY = 1;

/** Each collective of a process's functions has a number of its own, as it has in all others. */
let instances = 0;

/**
 * @param plan of shardPlan()
 * @param workers that run the same plan
 */
export function lowerJoins(plan: GraphPlan, workers: number): GraphPlan {
  const types = endpointTypes(plan), depths = joinDepths(plan);
  const constants = new AddedConstants(plan.constants, "join_const");
  const T = { name: "T", type: AttrKind.TYPE, value: DType.FLOAT };
  const waves = new Map<number, PlannedNode[]>(); // float32 sums by depth
  const nodes: PlannedNode[] = [];
  for (const node of plan.nodes) {
    if (node.op === Joins.rows) gatherRows(node);
    else if (node.op !== Joins.sum) nodes.push(node);
    else if (node.outputs[0]!.dtype === DType.FLOAT) {
      const depth = depths.get(node.name)!; // of every node
      waves.set(depth, [...waves.get(depth) ?? [], node]);
    } else sum(node.name, node.inputs[0]!, node);
  }
  for (const [depth, joins] of waves) sumTogether(`join_sums_${depth}`, joins);
  return { ...plan, constants: constants.all, nodes: inOrder(nodes) };

  function collective(name: string, op: string, input: string, like: PlannedNode) {
    const { outputs: [type] } = like;
    const dtype = type!.dtype; // joins have one output
    const text = (name: string, value: string) => ({ name, type: AttrKind.STRING, value });
    const inputs = [input, ...[workers, GROUP_KEY, ++instances].map((n) => constants.integer(n))];
    nodes.push({
      name,
      op,
      inputs,
      attributes: [
        { name: "T", type: AttrKind.TYPE, value: dtype },
        ...(op === "CollectiveReduceV2" ? [text("merge_op", "Add"), text("final_op", "Id")] : []),
        text("communication_hint", "ring"),
        { name: "Nordering_token", type: AttrKind.INT, value: 0 },
      ],
      outputs: [type!],
    });
  }

  function gatherRows(node: PlannedNode): void {
    const { name, inputs: [rows], outputs: [type] } = node, carrier = CARRIERS.get(type!.dtype);
    if (carrier === undefined) return collective(name, "CollectiveGatherV2", rows!, node);
    const carried = { dtype: carrier, shape: type!.shape }, own = `${name}/own_carried`;
    const [count = 0, ...rest] = carried.shape; // it has rows
    cast(own, rows!, {
      from: type!.dtype,
      type: { dtype: carrier, shape: [count / workers, ...rest] },
    });
    const like = { ...node, outputs: [carried] };
    collective(`${name}/carried`, "CollectiveGatherV2", `${own}:0`, like);
    cast(name, `${name}/carried:0`, { from: carrier, type: type! });
  }

  function cast(name: string, input: string, to: { from: number; type: TensorType }): void {
    const type = (name: string, value: number) => ({ name, type: AttrKind.TYPE, value });
    const attributes = [
      type("SrcT", to.from),
      type("DstT", to.type.dtype),
      { name: "Truncate", type: AttrKind.BOOL, value: false },
    ];
    nodes.push({ name, op: "Cast", inputs: [input], attributes, outputs: [to.type] });
  }

  function sum(name: string, input: string, like: PlannedNode): void {
    collective(name, "CollectiveReduceV2", input, like);
  }

  /** One vector of all, summed, and each cut out of it again. */
  function sumTogether(name: string, joins: readonly PlannedNode[]): void {
    if (joins.length === 1) return sum(joins[0]!.name, joins[0]!.inputs[0]!, joins[0]!);
    const sizes = joins.map(({ inputs }) => sizeOf(types.get(inputs[0]!)!)); // typed: a node's output
    const whole = { dtype: DType.FLOAT, shape: [sizes.reduce((a, b) => a + b)] };
    const Tshape = { name: "Tshape", type: AttrKind.TYPE, value: DType.INT32 };
    const flat = joins.map(({ name, inputs }, i) => {
      const attributes = [T, Tshape], outputs = [{ dtype: DType.FLOAT, shape: [sizes[i]!] }];
      const own = [inputs[0]!, constants.integers([-1])];
      nodes.push({ name: `${name}/flat`, op: "Reshape", inputs: own, attributes, outputs });
      return `${name}/flat:0`;
    });
    nodes.push({
      name: `${name}/own`,
      op: "ConcatV2",
      inputs: [...flat, constants.integer(0)],
      attributes: [
        { name: "N", type: AttrKind.INT, value: flat.length },
        T,
        { name: "Tidx", type: AttrKind.TYPE, value: DType.INT32 },
      ],
      outputs: [whole],
    });
    sum(name, `${name}/own:0`, { ...joins[0]!, outputs: [whole] });
    nodes.push({
      name: `${name}/cut`,
      op: "SplitV",
      inputs: [`${name}:0`, constants.integers(sizes), constants.integer(0)],
      attributes: [
        { name: "num_split", type: AttrKind.INT, value: sizes.length },
        T,
        { name: "Tlen", type: AttrKind.TYPE, value: DType.INT32 },
      ],
      outputs: sizes.map((size) => ({ dtype: DType.FLOAT, shape: [size] })),
    });
    joins.forEach((join, i) => {
      const shape = constants.integers(join.outputs[0]!.shape); // joins have one output
      const inputs = [`${name}/cut:${i}`, shape];
      nodes.push({ ...join, op: "Reshape", inputs, attributes: [T, Tshape] });
    });
  }
}

/** @param plan of {@linkcode lowerJoins} for so many workers */
export function collectivesOf({ nodes }: GraphPlan, workers: number): CollectiveStats {
  const found = nodes.filter(({ op }) => op.startsWith("Collective"));
  const numbers = found.map(({ op, outputs: [type] }) =>
    // one each
    sizeOf(type!) / (op === "CollectiveGatherV2" ? workers : 1)
  );
  const bytes = 4 * numbers.reduce((sum, size) => sum + size, 0); // of float32 or int32 each
  return { count: found.length, bytes };
}

/** How many joins, at most, lie one after another before a node: equals do not wait for each other. */
function joinDepths({ nodes }: GraphPlan): Map<string, number> {
  const depths = new Map<string, number>(), joins = new Set<string>();
  for (const { name, op, inputs } of nodes) {
    const before = inputs.map((input) => {
      const node = nodeOf(input);
      return (depths.get(node) ?? 0) + (joins.has(node) ? 1 : 0);
    });
    depths.set(name, Math.max(0, ...before));
    if (op === Joins.sum || op === Joins.rows) joins.add(name);
  }
  return depths;
}

/** In an order in which they can run. */
function inOrder(nodes: readonly PlannedNode[]): PlannedNode[] {
  const byName = new Map(nodes.map((node) => [node.name, node])), done = new Set<string>();
  const sorted: PlannedNode[] = [];
  for (const root of nodes) {
    const stack = [root];
    while (stack.length > 0) {
      const node = stack.at(-1)!; // it has one
      const waiting = done.has(node.name) ? [] : node.inputs.map(nodeOf)
        .filter((name) => byName.has(name) && !done.has(name));
      if (waiting.length > 0) stack.push(...waiting.map((name) => byName.get(name)!)); // filtered
      else {
        stack.pop();
        if (!done.has(node.name)) sorted.push(node);
        done.add(node.name);
      }
    }
  }
  return sorted;
}

/** "^Add_3" or "Add_3:1" without what is not the name. */
const nodeOf = (input: string) => input.replace(/^\^/, "").split(":")[0]!; // split gives one
