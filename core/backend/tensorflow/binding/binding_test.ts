import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "../../mod.ts";
import type { TensorFlowBinding } from "./binding.ts";
import { AttrKind, DType } from "./dtypes.ts";

await selectBackend({ name: "tensorflow" });
// NodeJSKernelBackend keeps the binding that Cambium gave it.
const { binding } = tf.backend() as unknown as { binding: TensorFlowBinding };

Deno.test("strings of all lengths come back as they went", () => {
  const texts = [
    "",
    "a",
    "22 bytes fit inside it",
    "23 bytes go to the heap",
    "grün 🌿".repeat(20),
  ];
  const before = binding.getNumOfTensors();
  const tensor = tf.tensor(texts, [1, 5]);
  const column = tf.reshape(tensor, [5, 1]);
  tensor.dispose();
  assert.deepEqual(column.arraySync(), texts.map((text) => [text]));
  column.dispose();
  assert.equal(binding.getNumOfTensors(), before);
});

const ROUND_TRIPS: [string, number, Float32Array | Int32Array | Uint8Array | BigInt64Array][] = [
  ["float32", DType.FLOAT, Float32Array.of(1.5, -0, NaN, Infinity)],
  ["int32", DType.INT32, Int32Array.of(-5, 0, 2 ** 31 - 1, -(2 ** 31))],
  ["uint8", DType.UINT8, Uint8Array.of(0, 1, 128, 255)],
  ["bool", DType.BOOL, Uint8Array.of(0, 1, 1, 0)],
  ["int64", DType.INT64, BigInt64Array.of(-5n, 2n ** 40n, 0n, -(2n ** 62n))],
];
for (const [name, dtype, values] of ROUND_TRIPS) {
  Deno.test(`${name} values come back as they went`, () => {
    // tfjs's type of values omits int64.
    const id = binding.createTensor([2, 2], dtype, values as Int32Array);
    assert.deepEqual(binding.tensorDataSync(id), values);
    assert.deepEqual(binding.handles.shape(id), [2, 2]);
    assert.equal(binding.handles.dtype(id), dtype);
    binding.deleteTensor(id);
  });
}

Deno.test("int64 comes as pairs of int32 words too, as tfjs-node gives it", () => {
  const id = binding.createTensor([2], DType.INT64, Int32Array.of(5, 0, -1, -1));
  assert.deepEqual(binding.tensorDataSync(id) as unknown, BigInt64Array.of(5n, -1n));
  binding.deleteTensor(id);
});

Deno.test("complex numbers are made and taken apart", () => {
  const parts = tf.tidy(() => {
    const z = tf.complex(tf.tensor([1, 2]), tf.tensor([3, -4]));
    return [tf.real(z), tf.imag(z), tf.abs(z)].map((part) => Array.from(part.dataSync()));
  });
  assert.deepEqual(parts.slice(0, 2), [[1, 2], [3, -4]]);
  parts[2]!.forEach((x, i) => assert.ok(Math.abs(x - [Math.sqrt(10), Math.sqrt(20)][i]!) < 1e-6));
});

Deno.test("an empty tensor and a scalar keep their shapes", () => {
  const shapes = tf.tidy(() => [tf.zeros([0, 3]), tf.scalar(2)].map((x) => tf.neg(x).shape));
  assert.deepEqual(shapes, [[0, 3], []]);
});

Deno.test("an op's error names the op, shapes and types, and leaves nothing behind", () => {
  const a = binding.createTensor([2, 3], DType.FLOAT, new Float32Array(6));
  const b = binding.createTensor([4, 5], DType.FLOAT, new Float32Array(20));
  const before = binding.getNumOfTensors();
  const type = { name: "T", type: AttrKind.TYPE, value: DType.FLOAT };
  assert.throws(
    () => binding.executeOp("MatMul", [type], [a, b], 1),
    /TensorFlow's MatMul: .*received \(float32\[2,3\], float32\[4,5\]\).*[Mm]atrix/,
  );
  assert.equal(binding.getNumOfTensors(), before);
  assert.throws(() => binding.executeOp("NoSuchOp", [], [], 1), /NoSuchOp/);
  binding.deleteTensor(a);
  assert.throws(() => binding.executeOp("Neg", [type], [a], 1), /disposed/);
  binding.deleteTensor(b);
});

Deno.test("lists of attributes reach TensorFlow", () => {
  const x = binding.createTensor([1, 2, 2, 1], DType.FLOAT, Float32Array.of(1, 2, 3, 6));
  const [y] = binding.executeOp(
    "AvgPool",
    [
      { name: "T", type: AttrKind.TYPE, value: DType.FLOAT },
      { name: "ksize", type: AttrKind.INT, value: [1, 2, 2, 1] },
      { name: "strides", type: AttrKind.INT, value: [1, 2, 2, 1] },
      { name: "padding", type: AttrKind.STRING, value: "VALID" },
      { name: "data_format", type: AttrKind.STRING, value: "NHWC" },
    ],
    [x],
    1,
  );
  assert.deepEqual([...binding.tensorDataSync(y!.id)], [3]);
  [x, y!.id].forEach((id) => binding.deleteTensor(id));
});

Deno.test("SavedModels are refused in words", () => {
  assert.throws(() => binding.loadSavedModel("model", "serve"), /does not run SavedModels/);
  assert.equal(binding.getNumOfSavedModels(), 0);
});
