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

Deno.test("what a later sum waits for is told to all in one row, and added up by each", () => {
  const plan = lowerJoins(
    planOf([
      node("a", "Relu", ["x:0"], type([2, 3])),
      node("b", "Relu", ["x:0"], type([4])),
      node("sum_a", Joins.sum, ["a:0"], type([2, 3])),
      node("sum_b", Joins.sum, ["b:0"], type([4])),
      node("rows", Joins.rows, ["a:0"], type([4, 3])),
      node("c", "AddN", ["sum_a:0", "sum_b:0", "rows:0"], type([4])),
      node("later", Joins.sum, ["c:0"], type([4])),
    ], ["later:0"]),
    2,
  );
  const lines = linesOf(plan);
  for (
    const line of [
      "join_0/own = ConcatV2(rows/flat:0,sum_a/flat:0,sum_b/flat:0)",
      "join_0 = CollectiveGatherV2(join_0/own:0)",
      "rows = Reshape(join_0/cut:0)",
      "join_0/workers = SplitV(join_0/cut:1)",
      "join_0/sum = AddN(join_0/workers:0,join_0/workers:1)",
      "sum_b = Reshape(join_0/sums:1)",
      "join_last_0 = CollectiveGatherV2(later/flat:0)",
    ]
  ) assert.ok(lines.includes(line), `${line} is not in\n${lines.join("\n")}`);
  assert.deepEqual(collectivesOf(plan, 2), { count: 2, bytes: 4 * (6 + 4 + 6 + 4) });
});

Deno.test("large sums are reduced, in buffers that can go while others are computed", () => {
  const size = 100_000;
  const names = Array.from({ length: 12 }, (_, i) => `g${i}`);
  const plan = lowerJoins(
    planOf(
      names.flatMap((name) => [
        node(`${name}/own`, "Relu", ["x:0"], type([size])),
        node(name, Joins.sum, [`${name}/own:0`], type([size])),
      ]),
      names.map((name) => `${name}:0`),
    ),
    2,
  );
  const sent = plan.nodes.filter(({ op }) => op === "CollectiveReduceV2");
  assert.deepEqual(sent.map(({ outputs }) => outputs[0]!.shape), Array(2).fill([1, 6 * size]));
  assert.deepEqual(collectivesOf(plan, 2), { count: 2, bytes: 4 * 12 * size });
  const first = plan.nodes.find(({ name }) => name === "join_last_0_sums/own");
  assert.deepEqual(first?.inputs.slice(0, 3), ["g0/flat:0", "g1/flat:0", "g2/flat:0"]);
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

Deno.test("rows that are compared with their mean are put together once, others are summed", () => {
  const T = { name: "T", type: 2, value: DType.FLOAT };
  const cut = (...args: Parameters<typeof node>) => ({ ...node(...args), attributes: [T] });
  const axis = { name: "axis", dtype: DType.INT32, shape: [1], uniform: false };
  const plan = planOf([
    cut("relu", "Relu", ["x:0"], type([2, 3])),
    cut("mean", "Mean", ["relu:0", "axis:0"], type([1, 3])),
    cut("differences", "Sub", ["relu:0", "mean:0"], type([2, 3])),
    cut("squares", "Square", ["differences:0"], type([2, 3])),
    cut("variance", "Mean", ["squares:0", "axis:0"], type([3])),
    cut("others", "Mul", ["x:0", "variance:0"], type([2, 3])),
    cut("loss", "Sum", ["others:0", "axis:0"], type([3])),
  ], ["loss:0"]);
  plan.constants = [{ ...axis, bytes: new Uint8Array(4) }];
  const { nodes } = shardPlan(plan, 1, { workers: 2, rank: 0 }, new Set(["x"]));
  const joins = nodes.filter(({ op }) => op === Joins.rows || op === Joins.sum);
  assert.deepEqual(joins.map(({ name, op }) => `${op} ${name}`), [
    "JoinRows relu/whole",
    "JoinSum loss",
  ]);
  const { inputs } = nodes.find(({ name }) => name === "variance")!; // it isn't cut
  assert.deepEqual(inputs, ["squares:0", "axis:0"]);
});
