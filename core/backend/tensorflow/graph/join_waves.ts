/**
 * Groups the joins of a sharded plan into buffers. Joins that don't wait for each other share one,
 * since a collective costs a round trip whatever its size. Joins that other joins wait for are sent
 * at once, on their own; those that only the end of the step needs (the gradients of weights) are
 * sent while other ops compute.
 */
import { DType } from "../binding/dtypes.ts";
import { type GraphPlan, nodeOf, type PlannedNode, sizeOf } from "./graph_plan.ts";
import { Joins } from "./shard_plan.ts";

/** float32 joins that share a buffer. */
export interface JoinWave {
  /** The name prefix of their nodes. */
  name: string;
  joins: PlannedNode[];
}

/** Number of elements that makes a buffer of gradients worth a round trip of its own. */
const WORTH_SENDING = 262_144;

/** Most buffers for a step's gradients: with many workers, each buffer takes many messages. */
const MAX_BUFFERS = 2;

/** Whether a node is a join that may share a buffer. */
export function isFloatJoin({ op, outputs: [type] }: PlannedNode): boolean {
  return isJoin(op) && type?.dtype === DType.FLOAT;
}

/** @param plan of shardPlan() */
export function joinWaves(plan: GraphPlan): JoinWave[] {
  const depths = joinDepths(plan), awaited = awaitedJoins(plan);
  const awaitedAt = new Map<number, PlannedNode[]>(), others = new Map<number, PlannedNode[]>();
  for (const node of plan.nodes.filter(isFloatJoin)) {
    const at = awaited.has(node.name) ? awaitedAt : others;
    const depth = depths.get(node.name)!; // of every node
    at.set(depth, [...at.get(depth) ?? [], node]);
  }
  const inOrder = [...others].sort(([a], [b]) => a - b).flatMap(([, joins]) => joins);
  return [
    ...[...awaitedAt].map(([depth, joins]) => ({ name: `join_${depth}`, joins })),
    ...buffersOf(inOrder).map((joins, i) => ({ name: `join_last_${i}`, joins })),
  ];
}

/**
 * Groups neighbouring joins, which are ready at about the same time, until a buffer is worth
 * sending.
 */
function buffersOf(joins: readonly PlannedNode[]): PlannedNode[][] {
  const sizes = joins.map(joinSize);
  const all = sizes.reduce((sum, size) => sum + size, 0);
  const enough = Math.max(WORTH_SENDING, all / MAX_BUFFERS);
  const buffers: PlannedNode[][] = [];
  let room = 0;
  for (const [i, join] of joins.entries()) {
    if (room <= 0) {
      buffers.push([]);
      room = enough;
    }
    buffers.at(-1)!.push(join); // there is one now
    room -= sizes[i]!; // same length
  }
  return buffers;
}

/**
 * The largest number of joins on a path to each node; joins at the same depth don't wait for each
 * other.
 */
function joinDepths({ nodes }: GraphPlan): Map<string, number> {
  const depths = new Map<string, number>(), joins = new Set<string>();
  for (const { name, op, inputs } of nodes) {
    const before = inputs.map((input) => {
      const node = nodeOf(input);
      return (depths.get(node) ?? 0) + (joins.has(node) ? 1 : 0);
    });
    depths.set(name, Math.max(0, ...before));
    if (isJoin(op)) joins.add(name);
  }
  return depths;
}

/** Names of the nodes on whose results other joins depend. */
function awaitedJoins({ nodes }: GraphPlan): ReadonlySet<string> {
  const awaited = new Set<string>();
  for (const { name, op, inputs } of nodes.toReversed()) {
    if (!isJoin(op) && !awaited.has(name)) continue;
    for (const input of inputs) awaited.add(nodeOf(input));
  }
  return awaited;
}

const isJoin = (op: string) => op === Joins.sum || op === Joins.rows;

/** The number of elements of a join's result. */
export const joinSize = ({ outputs }: PlannedNode) => sizeOf(outputs[0]!); // joins have one
