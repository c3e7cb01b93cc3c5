/**
 * Lowers the joins of a sharded plan to TensorFlow's collective ops, in few buffers
 * (join_waves.ts). All workers make the same plan, and so use the same collectives with the same
 * keys.
 */
import { AttrKind, DType } from "../binding/dtypes.ts";
import type { CollectiveStats } from "../../types.ts";
import { AddedConstants } from "./added_constants.ts";
import { type GraphPlan, nodeOf, type PlannedNode, sizeOf } from "./graph_plan.ts";
import { isFloatJoin, joinSize, type JoinWave, joinWaves } from "./join_waves.ts";
import type { TensorType } from "./record.ts";
import { Joins } from "./shard_plan.ts";

/**
 * Types that collectives don't support, with the type that is sent instead: masks travel as int32.
 */
const CARRIERS = new Map<number, number>([[DType.BOOL, DType.INT32], [DType.UINT8, DType.INT32]]);

/**
 * The group of all workers with one device each; TensorFlow requires the same number in all
 * processes.
 */
const GROUP_KEY = 1;

/**
 * The largest number of elements over all workers that are summed by gathering: every worker
 * receives all values and adds them itself, which takes half as many sequential messages as a ring
 * reduction.
 */
const MAX_GATHERED = 262_144;

/** The instance key of the last collective; all processes count alike. */
let instances = 0;

/**
 * @param plan a result of shardPlan()
 * @param workers number of workers that run the same plan
 */
export function lowerJoins(plan: GraphPlan, workers: number): GraphPlan {
  const constants = new AddedConstants(plan.constants, "join_const");
  const T = { name: "T", type: AttrKind.TYPE, value: DType.FLOAT };
  const nodes: PlannedNode[] = [];
  for (const node of plan.nodes) {
    if (isFloatJoin(node)) continue;
    if (node.op === Joins.rows) gatherRows(node);
    else if (node.op === Joins.sum) reduce(node.name, node.inputs[0]!, node.outputs[0]!);
    else nodes.push(node);
  }
  for (const wave of joinWaves(plan)) lowerWave(wave);
  return { ...plan, constants: constants.all, nodes: sortTopologically(nodes) };

  function lowerWave({ name, joins }: JoinWave): void {
    const rows = joins.filter(({ op }) => op === Joins.rows);
    const sums = joins.filter(({ op }) => op === Joins.sum);
    const isSmall = total(sums.map(joinSize)) * workers <= MAX_GATHERED;
    if (sums.length > 0 && !isSmall) sumTogether(`${name}_sums`, sums);
    if (rows.length > 0 || isSmall) gatherTogether(name, rows, isSmall ? sums : []);
  }

  function collective(name: string, op: string, input: string, type: TensorType): void {
    const text = (name: string, value: string) => ({ name, type: AttrKind.STRING, value });
    const inputs = [input, ...[workers, GROUP_KEY, ++instances].map((n) => constants.integer(n))];
    nodes.push({
      name,
      op,
      inputs,
      attributes: [
        { name: "T", type: AttrKind.TYPE, value: type.dtype },
        ...(op === "CollectiveReduceV2" ? [text("merge_op", "Add"), text("final_op", "Id")] : []),
        text("communication_hint", "ring"),
        { name: "Nordering_token", type: AttrKind.INT, value: 0 },
      ],
      outputs: [type],
    });
  }

  function reduce(name: string, input: string, type: TensorType): void {
    collective(name, "CollectiveReduceV2", input, type);
  }

  /** Gathers rows of a type other than float32. */
  function gatherRows({ name, inputs: [rows], outputs: [type] }: PlannedNode): void {
    const { dtype, shape: [count = 0, ...rest] } = type!, carrier = CARRIERS.get(dtype); // has rows
    if (carrier === undefined) return collective(name, "CollectiveGatherV2", rows!, type!);
    const carried = (count: number) => ({ dtype: carrier, shape: [count, ...rest] });
    cast(`${name}/own_carried`, rows!, { from: dtype, type: carried(count / workers) });
    collective(`${name}/carried`, "CollectiveGatherV2", `${name}/own_carried:0`, carried(count));
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

  /** Reduces several sums as one row, and splits the result again. */
  function sumTogether(name: string, joins: readonly PlannedNode[]): void {
    const [only] = joins;
    if (joins.length === 1) return reduce(only!.name, only!.inputs[0]!, only!.outputs[0]!);
    const sizes = joins.map(joinSize);
    reduce(name, inRow(name, joins, sizes), float(1, total(sizes)));
    restoreShapes(joins, split(`${name}/cut`, `${name}:0`, sizes.map((size) => [1, size])));
  }

  /**
   * Gathers one row from every worker. The rows of a batch are concatenated in the order of the
   * workers; sums are added up in that order.
   */
  function gatherTogether(
    name: string,
    rows: readonly PlannedNode[],
    sums: readonly PlannedNode[],
  ): void {
    const ofRows = rows.map((join) => joinSize(join) / workers);
    const ofSums = sums.map(joinSize), summed = total(ofSums);
    const sizes = [...ofRows, ...ofSums];
    collective(
      name,
      "CollectiveGatherV2",
      inRow(name, [...rows, ...sums], sizes),
      float(workers, total(sizes)),
    );
    const cut = [...ofRows, ...(summed > 0 ? [summed] : [])].map((size) => [workers, size]);
    const parts = split(`${name}/cut`, `${name}:0`, cut);
    restoreShapes(rows, parts);
    if (summed === 0) return;
    const addends = split(`${name}/workers`, parts.at(-1)!, Array(workers).fill([1, summed]), 0);
    nodes.push({
      name: `${name}/sum`,
      op: "AddN",
      inputs: addends,
      attributes: [{ name: "N", type: AttrKind.INT, value: workers }, T],
      outputs: [float(1, summed)],
    });
    restoreShapes(sums, split(`${name}/sums`, `${name}/sum:0`, ofSums.map((size) => [1, size])));
  }

  /** Concatenates the flattened inputs of joins into one row. */
  function inRow(name: string, joins: readonly PlannedNode[], sizes: readonly number[]): string {
    const flats = joins.map(({ name, inputs: [own] }, i) => {
      reshape(`${name}/flat`, own!, float(1, sizes[i]!)); // joins have one input; a size each
      return `${name}/flat:0`;
    });
    if (flats.length === 1) return flats[0]!;
    nodes.push({
      name: `${name}/own`,
      op: "ConcatV2",
      inputs: [...flats, constants.integer(1)],
      attributes: [
        { name: "N", type: AttrKind.INT, value: flats.length },
        T,
        { name: "Tidx", type: AttrKind.TYPE, value: DType.INT32 },
      ],
      outputs: [float(1, total(sizes))],
    });
    return `${name}/own:0`;
  }

  /** Gives each join's result its shape, under its own name. */
  function restoreShapes(joins: readonly PlannedNode[], parts: readonly string[]): void {
    joins.forEach(({ name, outputs: [type] }, i) => reshape(name, parts[i]!, type!)); // same length
  }

  function reshape(name: string, input: string, type: TensorType): void {
    const Tshape = { name: "Tshape", type: AttrKind.TYPE, value: DType.INT32 };
    const inputs = [input, constants.integers(type.shape)];
    nodes.push({ name, op: "Reshape", inputs, attributes: [T, Tshape], outputs: [type] });
  }

  function split(
    name: string,
    input: string,
    shapes: readonly (readonly number[])[],
    axis = 1,
  ): string[] {
    if (shapes.length === 1) return [input];
    const sizes = shapes.map((shape) => shape[axis]!); // matrices
    nodes.push({
      name,
      op: "SplitV",
      inputs: [input, constants.integers(sizes), constants.integer(axis)],
      attributes: [
        { name: "num_split", type: AttrKind.INT, value: sizes.length },
        T,
        { name: "Tlen", type: AttrKind.TYPE, value: DType.INT32 },
      ],
      outputs: shapes.map((shape) => float(...shape)),
    });
    return shapes.map((_, i) => `${name}:${i}`);
  }
}

const float = (...shape: number[]): TensorType => ({ dtype: DType.FLOAT, shape });

const total = (sizes: readonly number[]) => sizes.reduce((sum, size) => sum + size, 0);

/** @param plan a result of {@linkcode lowerJoins} for that many workers */
export function collectivesOf({ nodes }: GraphPlan, workers: number): CollectiveStats {
  const found = nodes.filter(({ op }) => op.startsWith("Collective"));
  const numbers = found.map(({ op, outputs: [type] }) =>
    // these ops have one output
    sizeOf(type!) / (op === "CollectiveGatherV2" ? workers : 1)
  );
  const bytes = 4 * numbers.reduce((sum, size) => sum + size, 0); // of float32 or int32 each
  return { count: found.length, bytes };
}

/** Sorts nodes topologically. */
function sortTopologically(nodes: readonly PlannedNode[]): PlannedNode[] {
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
