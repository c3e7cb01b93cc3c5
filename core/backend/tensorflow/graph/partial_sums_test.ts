import assert from "node:assert/strict";
import { AttrKind, DType } from "../binding/dtypes.ts";
import type { GraphPlan, PlannedNode } from "./graph_plan.ts";
import { shardPlan } from "./shard_plan.ts";

const FILTER = [3, 3, 8, 8], LARGE = [4, 4, 8, 8];

function node(
  name: string,
  op: string,
  inputs: string[],
  shape: number[] = FILTER,
  dtype: number = DType.FLOAT,
): PlannedNode {
  const attributes = [
    { name: "T", type: AttrKind.TYPE, value: DType.FLOAT },
    { name: "SrcT", type: AttrKind.TYPE, value: DType.FLOAT },
    { name: "DstT", type: AttrKind.TYPE, value: dtype },
  ];
  return { name, op, inputs, attributes, outputs: [{ dtype, shape }] };
}

/** A weight's gradient from eight images. */
const gradient = (name: string, shape: number[] = FILTER) =>
  node(name, "Conv2DBackpropFilter", ["x:0", "sizes:0", `dy_${name}:0`], shape);

/** Names of what is summed over two workers, as the first of them sees it. */
function summed(nodes: PlannedNode[], outputs: string[], workers = 2) {
  const names = [...new Set(nodes.flatMap(({ inputs }) => inputs))].filter((input) =>
    input.startsWith("dy_")
  );
  const images = ["x:0", ...names].map((name) => ({
    name: name.slice(0, -2),
    source: { kind: "input" as const, index: 0 },
    ...{ dtype: DType.FLOAT, shape: [8, 16, 16, 8] },
  }));
  const weights = ["w", "scale"].map((name) => ({
    name,
    source: { kind: "input" as const, index: 0 },
    ...{ dtype: DType.FLOAT, shape: name === "w" ? FILTER : [] },
  }));
  const sizes = { name: "sizes", dtype: DType.INT32, shape: [4], uniform: false };
  const constants = [{ ...sizes, bytes: new Uint8Array(Int32Array.from(FILTER).buffer) }];
  const plan: GraphPlan = { inputs: [...images, ...weights], constants, nodes, outputs };
  const share = { workers, rank: 0 };
  const { nodes: made, outputs: given } = shardPlan(plan, 2 / workers, share);
  const there = new Set(["w:0", "scale:0", "sizes:0", ...images.map(({ name }) => `${name}:0`)]);
  for (const { name, inputs, outputs, op } of made) {
    for (const input of inputs.filter((input) => !input.startsWith("shard_const"))) {
      assert.ok(there.has(input), `${op} ${name} has no ${input}`);
    }
    outputs.forEach((_, i) => there.add(`${name}:${i}`));
  }
  for (const output of given) assert.ok(there.has(output), output);
  return made.filter(({ op }) => op === (workers === 1 ? "AddN" : "JoinSum"))
    .map(({ name }) => name);
}

/** Gradients from reals, fakes and a penalty, scaled and added. */
const THREE = [
  gradient("real"),
  gradient("fake"),
  gradient("penalty"),
  node("scaled_real", "Mul", ["real:0", "scale:0"]),
  node("scaled_fake", "Mul", ["scale:0", "fake:0"]),
  node("both", "AddV2", ["scaled_real:0", "scaled_fake:0"]),
  node("same", "Cast", ["penalty:0"]),
  node("all", "AddV2", ["both:0", "same:0"]),
];

Deno.test("three gradients of a weight are summed over the workers once, when they are added", () => {
  const update = node("update", "Sub", ["w:0", "all:0"]);
  assert.deepEqual(summed([...THREE, update], ["update:0"]), ["all"]);
  assert.deepEqual(summed(THREE, ["all:0"]), ["all"], "also where the sum is what is wanted");
  assert.deepEqual(summed([...THREE, update], ["update:0"], 1), ["all"], "and by two pieces");
});

Deno.test("a sum that something else needs is taken where that is", () => {
  const square = node("square", "Square", ["real:0"]);
  assert.deepEqual(summed([...THREE, square], ["square:0", "all:0"]), ["real", "fake", "penalty"]);
  assert.deepEqual(summed(THREE, ["real:0", "all:0"]), ["real", "fake", "penalty"]);
  const decay = [gradient("a"), gradient("b"), node("sum", "AddV2", ["a:0", "b:0"])];
  const added = node("added", "AddV2", ["sum:0", "w:0"]); // w isn't in parts
  assert.deepEqual(summed([...decay, added], ["added:0"]), ["sum"]);
  const product = node("product", "Mul", ["a:0", "b:0"]); // not linear in both
  assert.deepEqual(summed([...decay.slice(0, 2), product], ["product:0"]), ["a", "b"]);
  const rounded = [gradient("a"), node("half", "Cast", ["a:0"], FILTER, DType.BFLOAT16)];
  assert.deepEqual(summed(rounded, ["half:0"]), ["a"]);
});

Deno.test("what is scaled alone is summed before it", () => {
  const alone = [gradient("a"), node("scaled", "Mul", ["a:0", "scale:0"])];
  assert.deepEqual(summed(alone, ["scaled:0"]), ["a"]);
});

Deno.test("cut-outs of one gradient are summed where they are less than it", () => {
  const cut = (name: string) => node(name, "Slice", ["large:0", "sizes:0", "sizes:0"]);
  const slices = ["a", "b"].map(cut), large = gradient("large", LARGE);
  const added = node("added", "AddV2", ["a:0", "b:0"]);
  assert.deepEqual(summed([large, ...slices, added], ["added:0"]), ["added"]);
  const apart = slices.map(({ name }) => `${name}:0`); // 2 · 9 places where it has 16
  assert.deepEqual(summed([large, ...slices], apart), ["large"]);
});

Deno.test("a sum that meets pieces of a batch is taken before", () => {
  const images = [8, 16, 16, 8];
  const relu = node("relu", "Conv2D", ["x:0", "w:0"], images);
  const total = node("total", "Conv2DBackpropFilter", ["x:0", "sizes:0", "dy_t:0"], [1, 1, 8, 8]);
  const mean = node("mean", "Sum", ["total:0", "sizes:0"], [8]);
  const scaled = node("scaled", "Mul", ["relu:0", "mean:0"], images);
  assert.deepEqual(summed([relu, total, mean, scaled], ["scaled:0"]).at(0), "mean");
});
