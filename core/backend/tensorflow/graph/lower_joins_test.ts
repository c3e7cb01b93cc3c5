import assert from "node:assert/strict";
import { DType } from "../binding/dtypes.ts";
import { collectivesOf, lowerJoins } from "./lower_joins.ts";
import type { GraphPlan, PlannedNode } from "./graph_plan.ts";
import { Joins, shardPlan } from "./shard_plan.ts";

const type = (shape: number[], dtype: number = DType.FLOAT) => ({ dtype, shape });

function node(name: string, op: string, inputs: string[], output: PlannedNode["outputs"][number]) {
  return { name, op, inputs, attributes: [], outputs: [output] };
}

function planOf(nodes: PlannedNode[], outputs: string[]): GraphPlan {
  const inputs = [{ name: "x", source: { kind: "input" as const, index: 0 }, ...type([2, 3]) }];
  return { inputs, constants: [], nodes, outputs };
}

/** "name = op(inputs)" without constants. */
const linesOf = ({ nodes }: GraphPlan) =>
  nodes.map(({ name, op, inputs }) =>
    `${name} = ${op}(${inputs.filter((input) => !input.startsWith("join_const")).join()})`
  );

Deno.test("sums that don't wait for one another travel as one vector", () => {
  const plan = lowerJoins(
    planOf([
      node("a", "Relu", ["x:0"], type([2, 3])),
      node("b", "Relu", ["x:0"], type([4])),
      node("sum_a", Joins.sum, ["a:0"], type([2, 3])),
      node("sum_b", Joins.sum, ["b:0"], type([4])),
      node("c", "Relu", ["sum_b:0"], type([4])),
      node("later", Joins.sum, ["c:0"], type([4])),
    ], ["sum_a:0", "later:0"]),
    2,
  );
  const lines = linesOf(plan);
  assert.ok(lines.includes("join_sums_0/own = ConcatV2(sum_a/flat:0,sum_b/flat:0)"));
  assert.ok(lines.includes("join_sums_0 = CollectiveReduceV2(join_sums_0/own:0)"));
  assert.ok(lines.includes("later = CollectiveReduceV2(c:0)"));
  assert.deepEqual(collectivesOf(plan, 2), { count: 2, bytes: 4 * (6 + 4 + 4) });
});

Deno.test("masks, which collectives don't know, travel as int32", () => {
  const rows = node("rows", Joins.rows, ["mask:0"], type([4, 3], DType.BOOL));
  const plan = lowerJoins(
    planOf([node("mask", "Greater", ["x:0", "x:0"], type([2, 3], DType.BOOL)), rows], ["rows:0"]),
    2,
  );
  assert.deepEqual(linesOf(plan), [
    "mask = Greater(x:0,x:0)",
    "rows/own_carried = Cast(mask:0)",
    "rows/carried = CollectiveGatherV2(rows/own_carried:0)",
    "rows = Cast(rows/carried:0)",
  ]);
  assert.equal(plan.nodes.at(-1)!.outputs[0]!.dtype, DType.BOOL);
  assert.deepEqual(collectivesOf(plan, 2), { count: 1, bytes: 4 * 6 });
});

Deno.test("rows that only their own process knows are gathered where an op needs all", () => {
  const T = { name: "T", type: 2, value: DType.FLOAT };
  const plan = planOf([
    { ...node("relu", "Relu", ["x:0"], type([2, 3])), attributes: [T] },
    node("sorted", "SomethingWhole", ["x:0"], type([2, 3])), // no rule cuts it
  ], ["sorted:0"]);
  const share = { workers: 2, rank: 1 };
  const { nodes } = shardPlan(plan, 1, share, new Set(["x"]));
  assert.deepEqual(nodes.map(({ name, op, inputs }) => `${name} = ${op}(${inputs.at(-1)})`), [
    "x/cut = Split(x:0)",
    "relu/0 = Relu(x/cut:1)",
    "x/whole = JoinRows(x/cut:1)",
    "sorted = SomethingWhole(x/whole:0)",
  ]);
});
