import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { leakyRelu } from "../../../ops/mod.ts";
import { selectBackend } from "../../select.ts";
import type { Attribute } from "../binding/attributes.ts";
import { AttrKind, DType } from "../binding/dtypes.ts";
import { fuseConvolutions } from "./fused_convolutions.ts";
import type { GraphPlan, PlannedNode } from "./graph_plan.ts";

const image = { dtype: DType.FLOAT, shape: [2, 4, 4, 8] };
const channels = { dtype: DType.FLOAT, shape: [8] };

function node(name: string, op: string, inputs: string[]): PlannedNode {
  const T = { name: "T", type: AttrKind.TYPE, value: DType.FLOAT };
  const layout = { name: "data_format", type: AttrKind.STRING, value: "NHWC" };
  const attributes: Attribute[] = op === "Conv2D" ? [T, layout] : [T];
  if (op.startsWith("LeakyRelu")) {
    attributes.push({ name: "alpha", type: AttrKind.FLOAT, value: 0.2 });
  }
  return { name, op, inputs, attributes, outputs: [image] };
}

function fuse(nodes: PlannedNode[], outputs: string[]) {
  const inputs = [["x", image], ["w", image], ["b", channels]] as const;
  const plan: GraphPlan = {
    inputs: inputs.map(([name, type], index) => ({
      name,
      source: { kind: "input", index },
      ...type,
    })),
    constants: [],
    nodes,
    outputs,
  };
  const fused = fuseConvolutions(plan);
  const lines = fused.nodes.map((n) => `${n.name} = ${n.op}(${n.inputs.join()})`);
  return { lines, ...fused };
}

Deno.test(
  "fuseConvolutions() joins convolution, bias and activation, whose gradient reads the " +
    "result",
  () => {
    const { lines, outputs, nodes } = fuse([
      node("conv", "Conv2D", ["x:0", "w:0"]),
      node("add", "Add", ["b:0", "conv:0"]),
      node("act", "LeakyRelu", ["add:0"]),
      node("grad", "LeakyReluGrad", ["act:0", "add:0"]),
    ], ["grad:0", "act:0"]);
    assert.deepEqual(lines, [
      "add = _FusedConv2D(x:0,w:0,b:0)",
      "grad = LeakyReluGrad(add:0,add:0)",
    ]);
    assert.deepEqual(outputs, ["grad:0", "add:0"]);
    const value = (name: string) => nodes[0]!.attributes.find((a) => a.name === name)?.value;
    assert.deepEqual(value("fused_ops"), ["BiasAdd", "LeakyRelu"]);
    assert.equal(value("leakyrelu_alpha"), 0.2);
  },
);

Deno.test("fuseConvolutions() leaves what something else needs as it is", () => {
  const nodes = [node("conv", "Conv2D", ["x:0", "w:0"]), node("add", "Add", ["conv:0", "b:0"])];
  assert.deepEqual(fuse(nodes, ["conv:0", "add:0"]).nodes, nodes); // the convolution is an output
  const [first] = fuse([...nodes, node("act", "LeakyRelu", ["add:0"])], ["act:0", "add:0"]).lines;
  assert.equal(first, "add = _FusedConv2D(x:0,w:0,b:0)"); // the sum is one, so the activation stays
  const residual = [nodes[0]!, node("add", "Add", ["conv:0", "x:0"])];
  assert.deepEqual(fuse(residual, ["add:0"]).nodes, residual); // no bias: a whole image is added
});

Deno.test("fuseConvolutions() leaves activations whose sign or NaN would be lost", () => {
  const nodes = [node("conv", "Conv2D", ["x:0", "w:0"]), node("add", "Add", ["conv:0", "b:0"])];
  const downward = node("act", "LeakyRelu", ["add:0"]);
  downward.attributes = [{ name: "alpha", type: AttrKind.FLOAT, value: -0.2 }];
  for (const activation of [node("act", "Relu", ["add:0"]), downward]) {
    const { lines } = fuse([...nodes, activation], ["act:0"]);
    assert.deepEqual(lines, ["add = _FusedConv2D(x:0,w:0,b:0)", `act = ${activation.op}(add:0)`]);
  }
});

Deno.test("NaN passes a recorded convolution with bias and activation", async () => {
  const backend = await selectBackend({ name: "tensorflow", threads: 1 });
  const x = tf.fill([1, 4, 4, 16], NaN), w = tf.ones([1, 1, 16, 16]), b = tf.ones([16]);
  for (const slope of [0, 0.2]) {
    const compiled = backend.compile("nan", ({ x, w, b }) => {
      const sum = tf.add(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, "same"), b!);
      return { y: leakyRelu(sum, slope) };
    });
    const { y } = await compiled.run({ x, w, b }, [0, 0]);
    assert.ok(y!.dataSync().every(Number.isNaN), `slope ${slope}`);
    compiled.dispose();
    y!.dispose();
  }
  tf.dispose([x, w, b]);
});

Deno.test(
  "a fused convolution and its gradients equal op by op, bit for bit, in " +
    "float32",
  async () => {
    const backend = await selectBackend({ name: "tensorflow", threads: 1 });
    const values = (shape: number[], salt: number) =>
      tf.tensor(
        Float32Array.from(
          { length: tf.util.sizeFromShape(shape) },
          (_, i) => Math.sin(i * 7 + salt),
        ),
        shape,
      );
    for (const [slope, kernel] of [[0.2, 3], [0, 3], [0.2, 1]] as const) {
      const w = tf.tidy(() => tf.variable(values([kernel, kernel, 6, 10], 1)));
      const b = tf.tidy(() => tf.variable(values([10], 2)));
      const x = values([4, 9, 9, 6], 3);
      const step = ({ x }: Record<string, tf.Tensor>) => {
        const { value, grads } = tf.variableGrads(() => {
          const filter = w as tf.Tensor as tf.Tensor4D; // of that shape
          const y = leakyRelu(tf.add(tf.conv2d(x as tf.Tensor4D, filter, 1, "same"), b), slope);
          return tf.mean<tf.Scalar>(tf.square(y));
        });
        return { value, w: grads[w.name]!, b: grads[b.name]! };
      };
      const compiled = backend.compile("fused", step);
      const recorded = await compiled.run({ x }, [0, 0]), eager = step({ x });
      for (const [name, expected] of Object.entries(eager)) {
        assert.deepEqual(
          recorded[name]!.dataSync(),
          expected.dataSync(),
          `${name}, slope ${slope}`,
        );
      }
      compiled.dispose();
      tf.dispose([w, b, x, recorded, eager]);
    }
  },
);
