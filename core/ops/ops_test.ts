import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import * as ops from "./mod.ts";
import {
  assertClose,
  checkCase,
  type Packed,
  readCases,
  unpack,
  useTestBackend,
} from "./testdata/check.ts";

await useTestBackend();
const cases = readCases(new URL("./testdata/ops.json", import.meta.url));

/** The functions under test, by name of their case. */
const functions: Record<string, (...inputs: never[]) => tf.Tensor> = {
  "leakyRelu": (x: tf.Tensor) => ops.leakyRelu(x),
  "leakyRelu gain": (x: tf.Tensor) => ops.leakyRelu(x, 0.1, Math.SQRT2),
  "relu": (x: tf.Tensor) => ops.leakyRelu(x, 0),
  "upsampleNearest 2": (x: tf.Tensor4D) => ops.upsampleNearest(x),
  "upsampleNearest 4": (x: tf.Tensor4D) => ops.upsampleNearest(x, 4),
  "downsampleAverage 2": (x: tf.Tensor4D) => ops.downsampleAverage(x),
  "downsampleAverage 4": (x: tf.Tensor4D) => ops.downsampleAverage(x, 4),
  "downsampleBinomial": ops.downsampleBinomial,
  "blur": ops.blur,
  "lerp": ops.lerp,
  "softplus": (x: tf.Tensor) => tf.softplus(x),
  "sumOfSquares": ops.sumOfSquares,
  "maximum": ops.maximum,
  "clamp": (x: tf.Tensor) => ops.clamp(x, -0.5, 0.25),
  "clampInward": (x: tf.Tensor) => ops.clampInward(x, -0.5, 0.25),
  "absolute": ops.absolute,
  "instanceStatistics": (x: tf.Tensor4D) => {
    const { mean, variance } = ops.instanceStatistics(x);
    return tf.concat([mean, variance], 3);
  },
  "instanceNormalize": ops.instanceNormalize,
  "unitPower": (x: tf.Tensor) => ops.unitPower(x),
  "tanh": (x: tf.Tensor) => tf.tanh(x),
  "sigmoid": (x: tf.Tensor) => tf.sigmoid(x),
  "exp": (x: tf.Tensor) => tf.exp(x),
  "elu": (x: tf.Tensor) => tf.elu(x),
  "pow": (a: tf.Tensor, b: tf.Tensor) => tf.pow(a, b),
  "softmax": (x: tf.Tensor) => tf.softmax(x),
  "conv2d": (x: tf.Tensor4D, filter: tf.Tensor4D) => tf.conv2d(x, filter, 1, "same"),
  "conv2d stride 2": (x: tf.Tensor4D, filter: tf.Tensor4D) => tf.conv2d(x, filter, 2, "same"),
  "resizeMatrix bicubic": (x: tf.Tensor4D) => ops.resizeMatrix(x, [4, 4]),
  "resizeMatrix bicubic enlarge": (x: tf.Tensor4D) => ops.resizeMatrix(x, [8, 10]),
  "resizeMatrix bilinear": (x: tf.Tensor4D) => ops.resizeMatrix(x, [3, 5], "bilinear"),
  "resizeMatrix bilinear enlarge": (x: tf.Tensor4D) => ops.resizeMatrix(x, [4, 6], "bilinear"),
  "upsampleBilinear": (x: tf.Tensor4D) => ops.upsampleBilinear(x),
};

for (const [name, reference] of Object.entries(cases)) {
  Deno.test(
    `${name} has PyTorch's values and gradients up to order ` +
      `${reference.gradients.length}`,
    () => {
      const fn = functions[name];
      assert(fn, `no function for case "${name}"`);
      checkCase(name, reference, fn);
    },
  );
}

Deno.test("each function under test has a case", () => {
  assert.deepEqual(Object.keys(functions).sort(), Object.keys(cases).sort());
});

Deno.test("resizeMatrix() has Pillow's values for each filter, reducing and enlarging", () => {
  const references = readCases<{ x: Packed; y: Packed }>(
    new URL("./testdata/pillow.json", import.meta.url),
  );
  for (const [name, { x, y }] of Object.entries(references)) {
    tf.tidy(() => {
      const image = tf.reshape<tf.Rank.R4>(unpack(x), [1, ...x.shape, 1] as [1, number, number, 1]);
      const method = name.split(" ")[0] as ops.ResizeMethod; // make.py writes "method HxW"
      const [height, width] = y.shape as [number, number]; // an image
      assertClose(tf.reshape(ops.resizeMatrix(image, [height, width], method), y.shape), y, name);
    });
  }
});

Deno.test("resizeMatrix() by imresize has MATLAB's values, at borders too", () => {
  const references = readCases<{ x: Packed; y: Packed }>(
    new URL("./testdata/imresize.json", import.meta.url),
  );
  for (const [name, { x, y }] of Object.entries(references)) {
    tf.tidy(() => {
      const image = tf.reshape<tf.Rank.R4>(unpack(x), [1, ...x.shape, 1] as [1, number, number, 1]);
      const [height, width] = y.shape as [number, number]; // an image
      const ours = ops.resizeMatrix(image, [height, width], "imresize");
      assertClose(tf.reshape(ours, y.shape), y, name);
    });
  }
});

Deno.test("lerp() is exactly its ends at 0 and 1", () => {
  tf.tidy(() => {
    const a = tf.tensor1d([1e8, 0.1, -3]), b = tf.tensor1d([0.3, 1e8, 7]);
    assert.deepEqual(ops.lerp(a, b, tf.scalar(0)).dataSync(), a.dataSync());
    assert.deepEqual(ops.lerp(a, b, tf.scalar(1)).dataSync(), b.dataSync());
  });
});

Deno.test(
  "tf.softplus(), which the logistic losses use, neither overflows nor loses small " +
    "values",
  () => {
    const y = tf.tidy(() => tf.softplus(tf.tensor1d([100, -20, -200])).dataSync());
    assert.equal(y[0], 100);
    assert(Math.abs(y[1]! / Math.exp(-20) - 1) < 1e-5, `${y[1]}`);
    assert.equal(y[2], 0);
  },
);

Deno.test("maximum() splits the gradient where its inputs are equal", () => {
  tf.tidy(() => {
    const a = tf.tensor1d([1, 2]), b = tf.tensor1d([1, 1]);
    const [da, db] = tf.grads((a, b) => tf.sum(ops.maximum(a, b)))([a, b]);
    assert.deepEqual([...da!.dataSync()], [0.5, 1]);
    assert.deepEqual([...db!.dataSync()], [0.5, 0]);
  });
});

Deno.test("gradientOf() gives each sample its own gradient", () => {
  tf.tidy(() => {
    const x = tf.tensor2d([[1, 2], [3, 4]]);
    const g = ops.gradientOf((x) => tf.sum(tf.square(x), 1), x);
    assert.deepEqual([...g.dataSync()], [2, 4, 6, 8]);
  });
});

Deno.test("downsampleAverage() refuses a size that the factor does not divide", () => {
  const x = tf.zeros<tf.Rank.R4>([1, 3, 4, 1]);
  assert.throws(() => ops.downsampleAverage(x), {
    name: "TypeError",
    message: "Cannot downsample: expected height and width to be multiples of 2, received 3 × 4",
  });
  x.dispose();
});

Deno.test("maximum() refuses shapes that differ", () => {
  const a = tf.zeros([2]), b = tf.zeros([3]);
  assert.throws(() => ops.maximum(a, b), {
    name: "TypeError",
    message: /received \[2\] and \[3\]/,
  });
  tf.dispose([a, b]);
});
