/**
 * Which joins of a shared plan travel as one buffer: those that don't wait for one another, since a
 * collective costs a round trip whatever its size. What a later join waits for goes at once, and
 * alone; what only the step's end needs (the gradients of weights) goes beside what is computed
 * meanwhile.
 */
import { DType } from "../binding/dtypes.ts";
import { type GraphPlan, nodeOf, type PlannedNode, sizeOf } from "./graph_plan.ts";
import { Joins } from "./shard_plan.ts";

/** Joins of float32 that travel together. */
export interface JoinWave {
  /** A name for their nodes. */
  name: string;
  joins: PlannedNode[];
}

/** Values from which a buffer of gradients is worth a round trip of its own. */
const WORTH_SENDING = 262_144;

/** Buffers of a step's gradients, at most: among many workers each is many messages. */
const MOST_BUFFERS = 2;

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

/** Neighbours, which are ready at about the same time, until they are worth sending. */
function buffersOf(joins: readonly PlannedNode[]): PlannedNode[][] {
  const sizes = joins.map(joinSize);
  const all = sizes.reduce((sum, size) => sum + size, 0);
  const enough = Math.max(WORTH_SENDING, all / MOST_BUFFERS);
  const buffers: PlannedNode[][] = [];
  let room = 0;
  for (const [i, join] of joins.entries()) {
    if (room <= 0) {
      buffers.push([]);
      room = enough;
    }
    buffers.at(-1)!.push(join); // there is one now
    room -= sizes[i]!; // one each
  }
  return buffers;
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
    if (isJoin(op)) joins.add(name);
  }
  return depths;
}

/** Names of the nodes whose results other joins wait for. */
function awaitedJoins({ nodes }: GraphPlan): ReadonlySet<string> {
  const awaited = new Set<string>();
  for (const { name, op, inputs } of nodes.toReversed()) {
    if (!isJoin(op) && !awaited.has(name)) continue;
    for (const input of inputs) awaited.add(nodeOf(input));
  }
  return awaited;
}

const isJoin = (op: string) => op === Joins.sum || op === Joins.rows;

/** Values of what a join gives. */
export const joinSize = ({ outputs }: PlannedNode) => sizeOf(outputs[0]!); // joins have one
