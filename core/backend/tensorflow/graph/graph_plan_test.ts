import assert from "node:assert/strict";
import { planDifference } from "./compare_traces.ts";
import { AttrKind, DType } from "../binding/dtypes.ts";
import { writeGraphDef } from "./graph_def.ts";
import { planGraph } from "./graph_plan.ts";
import { ProtoWriter } from "../../../proto_writer.ts";
import type { RecordedNode, Recording, Source } from "./record.ts";

const scalar = { dtype: DType.FLOAT, shape: [] };
const node = (index: number): Source => ({ kind: "node", index, output: 0 });
const input = (index: number): Source => ({ kind: "input", index });
const constant = (index: number): Source => ({ kind: "constant", index });

function op(name: string, ...inputs: Source[]): RecordedNode {
  const attributes = [{ name: "T", type: AttrKind.TYPE, value: DType.FLOAT }];
  return { op: name, attributes, inputs, outputs: [scalar] };
}

function number(value: number): Recording["constants"][number] {
  return { ...scalar, bytes: new Uint8Array(Float32Array.of(value).buffer), uniform: false };
}

function plan(recording: Partial<Recording>, outputs: Source[], stateful: string[] = []) {
  const whole = { constants: [], nodes: [], captures: [], ...recording };
  return planGraph(whole, [scalar, scalar, scalar], outputs, (name) => stateful.includes(name));
}

Deno.test("planGraph() leaves out what no output needs", () => {
  const nodes = [op("Exp", input(0)), op("Neg", input(1)), op("Sin", node(0))];
  const { nodes: kept, inputs } = plan({ nodes }, [node(2)]);
  assert.deepEqual(kept.map(({ name }) => name), ["Exp_0", "Sin_1"]);
  assert.deepEqual(inputs.map(({ source }) => source.index), [0]);
});

Deno.test("planGraph() merges equal ops and constants, but none that draws", () => {
  const nodes = [
    op("Mul", input(0), constant(0)),
    op("Mul", input(0), constant(1)), // the same number again
    op("Mul", input(0), constant(2)),
    op("RandomUniform", input(0)),
    op("RandomUniform", input(0)),
    op("AddN", ...[0, 1, 2, 3, 4].map(node)),
  ];
  const constants = [2, 2, 3].map(number);
  const { nodes: kept, constants: numbers } = plan({ nodes, constants }, [node(5)], [
    "RandomUniform",
  ]);
  assert.deepEqual(kept.map(({ op }) => op), [
    "Mul",
    "Mul",
    "RandomUniform",
    "RandomUniform",
    "AddN",
  ]);
  assert.deepEqual(kept[4]!.inputs.slice(0, 2), ["Mul_0:0", "Mul_0:0"]);
  assert.equal(numbers.length, 2);
});

Deno.test("planGraph() keeps ops with effects, in their order", () => {
  const nodes = [op("Write", input(0)), op("Exp", input(0)), op("Write", input(1))];
  const { nodes: kept } = plan({ nodes }, [], ["Write"]);
  assert.deepEqual(kept.map(({ inputs }) => inputs), [["in0:0"], ["in1:0", "^Write_0"]]);
});

Deno.test("planGraph() tells +0 from -0 and one type from another", () => {
  const nodes = [op("Add", constant(0), constant(1)), op("Add", node(0), constant(2))];
  const whole = { ...number(0), dtype: DType.INT32 };
  const { constants } = plan({ nodes, constants: [number(0), number(-0), whole] }, [node(1)]);
  assert.equal(constants.length, 3);
});

Deno.test("planDifference() names the op whose constant, attribute or kind changed", () => {
  const of = (value: number, name = "Mul") =>
    plan({ nodes: [op(name, input(0), constant(0))], constants: [number(value)] }, [node(0)]);
  assert.equal(planDifference(of(2), of(2)), undefined);
  assert.match(
    planDifference(of(2), of(3))!,
    /Mul_0 used the constant float32\[\] 2… and then .* 3…/,
  );
  assert.match(planDifference(of(2), of(2, "Add"))!, /Mul → float32\[\] and then Add/);
});

Deno.test("writeGraphDef() stores a repeated value once", () => {
  const zeros = {
    dtype: DType.FLOAT,
    shape: [1000, 1000],
    bytes: new Uint8Array(4),
    uniform: true,
  };
  const graph = plan({ constants: [zeros] }, [constant(0)]);
  assert.ok(writeGraphDef(graph).length < 100);
});

Deno.test("ProtoWriter writes the examples of the encoding's guide", () => {
  // protobuf.dev/programming-guides/encoding: 150 in field 1; "testing" in field 2; a message in
  // field 3
  assert.equal(new ProtoWriter().integer(1, 150).bytes().toHex(), "089601");
  assert.equal(new ProtoWriter().data(2, "testing").bytes().toHex(), "120774657374696e67");
  assert.equal(
    new ProtoWriter().message(3, (inner) => inner.integer(1, 150)).bytes().toHex(),
    "1a03089601",
  );
  assert.equal(new ProtoWriter().integer(1, -2).bytes().toHex(), "08feffffffffffffffff01");
  assert.equal(new ProtoWriter().integer(16, 2 ** 40).bytes().toHex(), "8001808080808020");
  assert.equal(new ProtoWriter().float(4, 1.5).bytes().toHex(), "250000c03f");
});
