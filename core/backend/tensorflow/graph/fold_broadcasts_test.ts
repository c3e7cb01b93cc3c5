import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "../../select.ts";
import { AttrKind, DType } from "../binding/dtypes.ts";
import { foldBroadcasts } from "./fold_broadcasts.ts";
import type { GraphPlan, PlannedNode } from "./graph_plan.ts";

const image = { dtype: DType.FLOAT, shape: [2, 4, 4, 8] };
const number = { dtype: DType.FLOAT, shape: [1, 1, 1, 1] };

function node(name: string, op: string, ...inputs: string[]): PlannedNode {
  const attributes = [{ name: "T", type: AttrKind.TYPE, value: DType.FLOAT }];
  return { name, op, inputs, attributes, outputs: [image] };
}

function linesOf(nodes: PlannedNode[], outputs: string[]): string[] {
  const value = (x: number) => new Uint8Array(Float32Array.of(x).buffer);
  const plan: GraphPlan = {
    inputs: [
      { name: "dy", source: { kind: "input", index: 0 }, ...number },
      { name: "x", source: { kind: "input", index: 1 }, ...image },
    ],
    constants: [
      { name: "ones", ...image, bytes: value(1), uniform: true },
      { name: "twos", ...image, bytes: value(2), uniform: true },
      { name: "count", dtype: DType.FLOAT, shape: [], bytes: value(256), uniform: false },
    ],
    nodes,
    outputs,
  };
  return foldBroadcasts(plan).nodes.map((n) =>
    `${n.name} = ${n.op}(${n.inputs.join()}) [${n.outputs[0]!.shape}]`
  );
}

Deno.test(
  "foldBroadcasts() lets an elementwise op spread what a mean's gradient has " +
    "spread",
  () => {
    const lines = linesOf([
      node("spread", "Mul", "dy:0", "ones:0"),
      node("share", "RealDiv", "spread:0", "count:0"),
      node("next", "Mul", "share:0", "x:0"),
    ], ["next:0"]);
    assert.deepEqual(lines, [
      "share/small = RealDiv(dy:0,count:0) [1,1,1,1]",
      "next = Mul(share/small:0,x:0) [2,4,4,8]",
    ]);
  },
);

Deno.test("foldBroadcasts() keeps what another op or the caller needs spread", () => {
  const spread = node("spread", "Mul", "dy:0", "ones:0");
  assert.deepEqual(linesOf([spread, node("grad", "ReluGrad", "spread:0", "x:0")], ["grad:0"]), [
    "spread = Mul(dy:0,ones:0) [2,4,4,8]",
    "grad = ReluGrad(spread:0,x:0) [2,4,4,8]",
  ]);
  assert.deepEqual(linesOf([spread], ["spread:0"]), ["spread = Mul(dy:0,ones:0) [2,4,4,8]"]);
});

Deno.test("foldBroadcasts() leaves other products as they are", () => {
  const lines = ["double = Mul(dy:0,twos:0) [2,4,4,8]", "same = Mul(x:0,ones:0) [2,4,4,8]"];
  const nodes = [node("double", "Mul", "dy:0", "twos:0"), node("same", "Mul", "x:0", "ones:0")];
  assert.deepEqual(linesOf(nodes, ["double:0", "same:0"]), lines);
});

Deno.test("gradients of means and sums equal op by op, bit for bit", async () => {
  const backend = await selectBackend({ name: "tensorflow", threads: 1 });
  const x = tf.tensor(Float32Array.from({ length: 240 }, (_, i) => Math.sin(i)), [4, 3, 4, 5]);
  const step = ({ x }: Record<string, tf.Tensor>) => ({
    all: tf.grad((x) => tf.mean(tf.square(tf.abs(x))))(x!),
    pixels: tf.grad((x) => tf.sum(tf.square(tf.mean(tf.exp(x), [1, 2], true))))(x!),
    spread: tf.grad((x) => tf.mean(x))(x!),
  });
  const compiled = backend.compile("means", step);
  const recorded = await compiled.run({ x }, [0, 0]), eager = step({ x });
  for (const [name, expected] of Object.entries(eager)) {
    assert.deepEqual(recorded[name]!.dataSync(), expected.dataSync(), name);
  }
  compiled.dispose();
  tf.dispose([x, recorded, eager]);
});
