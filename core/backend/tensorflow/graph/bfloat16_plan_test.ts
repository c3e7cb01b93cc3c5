import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { narrowProducts } from "./bfloat16_plan.ts";
import { AttrKind, DType } from "../binding/dtypes.ts";
import type { GraphPlan, PlannedNode } from "./graph_plan.ts";
import { supportsBfloat16 } from "../../cpu_model.ts";
import { selectBackend } from "../../select.ts";

/**
 * On processors without bfloat16, the two numeric tests are ignored, and the last test checks the
 * error message instead.
 */
const ignore = !supportsBfloat16();

const node = (name: string, op: string, inputs: string[]): PlannedNode => ({
  name,
  op,
  inputs,
  attributes: [{ name: "T", type: AttrKind.TYPE, value: DType.FLOAT }],
  outputs: [],
});

Deno.test(
  "narrowProducts() casts around products, once a value, and between two products not " +
    "at all",
  () => {
    const plan: GraphPlan = {
      inputs: [],
      constants: [],
      nodes: [
        node("MatMul_0", "MatMul", ["in0:0", "in1:0"]),
        node("MatMul_1", "MatMul", ["MatMul_0:0", "in1:0"]),
        node("Sub_2", "Sub", ["in1:0", "MatMul_1:0"]),
      ],
      outputs: ["Sub_2:0", "MatMul_1:0"],
    };
    const { nodes, outputs } = narrowProducts(plan);
    const lines = nodes.map((n) => `${n.name} = ${n.op}(${n.inputs.join()})`);
    assert.deepEqual(lines, [
      "Cast14_0 = Cast(in0:0)",
      "Cast14_1 = Cast(in1:0)",
      "MatMul_0 = MatMul(Cast14_0:0,Cast14_1:0)",
      "Cast1_3 = Cast(MatMul_0:0)",
      "MatMul_1 = MatMul(MatMul_0:0,Cast14_1:0)",
      "Cast1_5 = Cast(MatMul_1:0)",
      "Sub_2 = Sub(in1:0,Cast1_5:0)",
    ]);
    assert.deepEqual(outputs, ["Sub_2:0", "Cast1_5:0"]);
  },
);

Deno.test(
  "in bfloat16 a product is rounded, and small updates of weights and averages are not lost",
  { ignore },
  async () => {
    const backend = await selectBackend({ name: "tensorflow", precision: "bfloat16", threads: 1 });
    const weight = tf.variable(tf.ones([64, 64])), average = tf.variable(tf.ones([64, 64]));
    const step = backend.compile("update", ({ x }) => {
      const { value, grads } = tf.variableGrads(
        () => tf.mean(tf.matMul(x as tf.Tensor2D, weight as unknown as tf.Tensor2D)).asScalar(),
        [weight],
      );
      const next = tf.sub(weight, tf.mul(tf.sign(grads[weight.name]!), 1e-4));
      weight.assign(next);
      average.assign(tf.add(average, tf.mul(tf.sub(next, average), 0.01)));
      return { value };
    });
    const x = tf.fill([8, 64], 1 / 3);
    const { value } = await step.run({ x }, [0, 0]);
    const third = new Float32Array(new Uint32Array([0x3eab0000]).buffer)[0]!; // 1/3 in bfloat16
    assert.ok(Math.abs((await value!.data())[0]! - 64 * third) < 64 * third * 2 ** -8);
    assert.notEqual((await value!.data())[0], 64 * Math.fround(1 / 3));
    assert.ok(Math.abs((await weight.data())[0]! - (1 - 1e-4)) < 1e-7);
    assert.ok(Math.abs((await average.data())[0]! - (1 - 1e-6)) < 1e-7);
    tf.dispose([x, value!, weight, average]);
    step.dispose();
  },
);

Deno.test("a fused convolution in bfloat16 is rounded once, bias and activation included", {
  ignore,
}, async () => {
  const backend = await selectBackend({ name: "tensorflow", precision: "bfloat16", threads: 1 });
  const values = (shape: number[], salt: number) =>
    tf.tensor(
      Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => Math.sin(i * 7 + salt)),
      shape,
    );
  const x = values([2, 8, 8, 16], 1), w = values([3, 3, 16, 16], 2), b = values([16], 3);
  // Rounded to bfloat16, so that only the results can differ.
  const inputs = { x, w, b }, exact = tf.tidy(() => toBfloat16(inputs));
  const layer = ({ x, w, b }: Record<string, tf.Tensor>) => {
    const y = tf.add(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, "same"), b!);
    return { y: tf.leakyRelu(y, 0.25) };
  };
  const compiled = backend.compile("layer", layer);
  const { y } = await compiled.run(exact, [0, 0]), expected = layer(exact).y;
  const received = y!.dataSync(), wanted = expected.dataSync();
  received.forEach((v, i) => {
    const ulp = 2 ** (Math.floor(Math.log2(Math.max(Math.abs(wanted[i]!), 1e-3))) - 7);
    assert.ok(Math.abs(v - wanted[i]!) <= 0.501 * ulp, `${v} for ${wanted[i]}`);
    assert.equal(v, roundToBfloat16(v)); // nothing was added after the rounding
  });
  compiled.dispose();
  tf.dispose([inputs, exact, y!, expected]);
});

Deno.test(
  "bfloat16 is refused on a processor without AVX-512 and AMX",
  { ignore: !ignore },
  async () => {
    await assert.rejects(
      selectBackend({ name: "tensorflow", precision: "bfloat16", threads: 1 }),
      /Cannot train in bfloat16: expected a processor .* Use float32/,
    );
  },
);

/** Rounds to 8 significant bits, ties to even. */
function roundToBfloat16(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer);
  bits[0] = (bits[0]! + 0x7fff + ((bits[0]! >>> 16) & 1)) & 0xffff0000;
  return new Float32Array(bits.buffer)[0]!;
}

function toBfloat16(tensors: Record<string, tf.Tensor>): Record<string, tf.Tensor> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [
      name,
      tf.tensor(Float32Array.from(tensor.dataSync(), roundToBfloat16), tensor.shape),
    ]),
  );
}
