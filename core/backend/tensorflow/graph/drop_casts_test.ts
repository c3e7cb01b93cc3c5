import assert from "node:assert/strict";
import { AttrKind, DType } from "../binding/dtypes.ts";
import { dropCasts } from "./drop_casts.ts";
import type { GraphPlan } from "./graph_plan.ts";

function cast(name: string, input: string, from: number, to: number) {
  const attributes = [
    { name: "SrcT", type: AttrKind.TYPE, value: from },
    { name: "DstT", type: AttrKind.TYPE, value: to },
  ];
  return { name, op: "Cast", inputs: [input], attributes, outputs: [{ dtype: to, shape: [2] }] };
}

Deno.test("casts to the same type are read through, others stay", () => {
  const { FLOAT, INT32 } = DType, types = [{ dtype: FLOAT, shape: [2] }];
  const plan: GraphPlan = {
    inputs: [{ name: "x", source: { kind: "input", index: 0 }, dtype: FLOAT, shape: [2] }],
    constants: [],
    nodes: [
      cast("same", "x:0", FLOAT, FLOAT),
      cast("again", "same:0", FLOAT, FLOAT),
      cast("whole", "again:0", FLOAT, INT32),
      { name: "sum", op: "Add", inputs: ["again:0", "x:0"], attributes: [], outputs: types },
    ],
    outputs: ["sum:0", "same:0", "whole:0"],
  };
  const { nodes, outputs } = dropCasts(plan);
  assert.deepEqual(nodes.map(({ name, inputs }) => [name, ...inputs]), [
    ["whole", "x:0"],
    ["sum", "x:0", "x:0"],
  ]);
  assert.deepEqual(outputs, ["sum:0", "x:0", "whole:0"]);
});
