import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { quietCpu } from "./backend/cpu.ts";

quietCpu();

/** Values and shape of a method's result. */
const told = (tensor: tf.Tensor) => ({ shape: tensor.shape, values: [...tensor.dataSync()] });

Deno.test("ops are methods of tensors", () => {
  tf.tidy(() => {
    const x = tf.tensor2d([[1, -2], [3, 4]]), y = tf.tensor2d([[5, 6], [7, 8]]);
    assert.deepEqual(told(x.add(y)), { shape: [2, 2], values: [6, 4, 10, 12] });
    assert.deepEqual(told(x.matMul(y)), { shape: [2, 2], values: [-9, -10, 43, 50] });
    assert.deepEqual(told(x.sum(1)), { shape: [2], values: [-1, 7] });
    assert.deepEqual(told(x.asScalar.call(tf.ones([1, 1]))), { shape: [], values: [1] });
    assert.deepEqual(told(x.as3D(1, 4, 1)), { shape: [1, 4, 1], values: [1, -2, 3, 4] });
    assert.deepEqual(told(x.flatten()), { shape: [4], values: [1, -2, 3, 4] });
    assert.deepEqual(told(x.reshapeAs(tf.ones([4]))), { shape: [4], values: [1, -2, 3, 4] });
    assert.deepEqual(told(x.concat(y, 1)), {
      shape: [2, 4],
      values: [1, -2, 5, 6, 3, 4, 7, 8],
    });
    assert.deepEqual(told(x.stack(y)), { shape: [2, 2, 2], values: [1, -2, 3, 4, 5, 6, 7, 8] });
    assert.deepEqual(told(x.where(x.greater(0), y)), { shape: [2, 2], values: [1, 6, 3, 4] });
    assert.deepEqual(told(x.maxPool.call(x.as4D(1, 2, 2, 1), 2, 2, "valid")), {
      shape: [1, 1, 1, 1],
      values: [4],
    });
    assert.deepEqual(told(x.as3D(2, 2, 1).resizeNearestNeighbor([1, 1])), {
      shape: [1, 1, 1],
      values: [1],
    });
    assert.equal(x.toInt().dtype, "int32");
    assert.equal(x.toBool().dtype, "bool");
  });
});

Deno.test("every op that tfjs declares as a method is one", async () => {
  const declared = new URL(
    import.meta.resolve(
      "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.d.ts",
    ),
  );
  const lines = (await Deno.readTextFile(declared)).matchAll(/import '\.\/(\w+)'/g);
  const files = [...lines].map(([, file]) => file!); // the pattern has one group
  assert.ok(files.length > 130, `${files.length} files`);
  const methods = new Set(
    Object.getOwnPropertyNames(tf.Tensor.prototype).map((name) => name.toLowerCase()),
  );
  const file = (name: string) => name.replaceAll("_", "").toLowerCase();
  assert.deepEqual(files.filter((name) => !methods.has(file(name))), []);
});

Deno.test("a method of a disposed tensor says so", () => {
  const x = tf.scalar(1);
  x.dispose();
  assert.throws(() => x.square(), /disposed/);
});

Deno.test("every op that can be differentiated has its gradient", () => {
  // Three that only the gradients' registration, which core leaves out, brings.
  assert.deepEqual(told(tf.grad((x) => x.square().sum())(tf.tensor1d([1, 2]))).values, [2, 4]);
  const filter = tf.ones([1, 1, 1, 1]) as tf.Tensor4D; // four sizes
  const image = tf.ones([1, 2, 2, 1]) as tf.Tensor4D; // four sizes
  const convolved = tf.grad((x) => tf.conv2d(image, x as tf.Tensor4D, 1, "same").sum());
  assert.deepEqual(told(convolved(filter)).values, [4]);
  assert.deepEqual(told(tf.grad((x) => x.tanh().sum())(tf.zeros([1]))).values, [1]);
});
