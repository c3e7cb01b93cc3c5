import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "../../mod.ts";
import type { TensorFunction } from "../../types.ts";

const backend = await selectBackend({ name: "tensorflow" });

function running(fn: TensorFunction, inputs = {}): Promise<unknown> {
  return backend.compile("plugin step", fn).run(inputs, [0, 0]);
}

Deno.test("a number drawn in JavaScript is found, with the op's name", async () => {
  const fn = () => ({ y: tf.mul(tf.ones([2]), Math.random()) });
  await assert.rejects(running(fn), /op Mul_\d+ used the constant .* and then .*JavaScript/);
});

Deno.test("tf.randomNormal is found", async () => {
  await assert.rejects(
    running(() => ({ y: tf.add(tf.randomNormal([3]), 1) })),
    /constant float32\[3\].*core\/random\.ts/,
  );
});

Deno.test("a counter in JavaScript is found", async () => {
  let step = 0;
  await assert.rejects(running(() => ({ y: tf.pow(tf.ones([2]), ++step) })), /constant/);
});

Deno.test("a choice made in JavaScript is found", async () => {
  let calls = 0;
  const x = tf.ones([2]);
  await assert.rejects(
    running(() => ({ y: ++calls % 2 ? tf.exp(x) : tf.sin(x) })),
    /op 0 was Exp.*then Sin|op 0 was Sin.*then Exp/,
  );
  x.dispose();
});

Deno.test("reading a value that changes is refused; reading a constant is not", async () => {
  const x = tf.tensor([1, 2]);
  await assert.rejects(
    running(({ x }) => ({ y: tf.scalar(tf.sum(x!).dataSync()[0]!) }), { x }),
    /Cannot read a tensor's value inside a compiled function/,
  );
  const compiled = backend.compile("reads a constant", () => {
    const length = tf.sum(tf.ones([3])).dataSync()[0]!;
    return { y: tf.fill([2], length) };
  });
  const { y } = await compiled.run({}, [0, 0]);
  assert.deepEqual([...y!.dataSync()], [3, 3]);
  compiled.dispose();
  tf.dispose([x, y!]);
});

Deno.test("a variable made inside is refused and does not stay", async () => {
  const before = Object.keys(tf.engine().registeredVariables).length;
  await assert.rejects(
    running(() => ({ y: tf.variable(tf.ones([1]), true, "inside") })),
    /received a new one, "inside"/,
  );
  assert.equal(Object.keys(tf.engine().registeredVariables).length, before);
});

Deno.test("a tensor kept from one call to the next is refused", async () => {
  let last: tf.Tensor | undefined;
  const x = tf.tensor([1, 2]);
  const fn: TensorFunction = ({ x }) => {
    const y = last ? tf.add(x!, last) : tf.mul(x!, 2);
    last = tf.keep(tf.mul(x!, 3));
    return { y };
  };
  await assert.rejects(running(fn, { x }), /state between calls to be in tf\.Variable/);
  tf.dispose([x, last!]);
});

Deno.test(
  "inputs of another name, shape or type are refused, naming what was " +
    "expected",
  async () => {
    const compiled = backend.compile("shapes", ({ x }) => ({ y: tf.neg(x!) }));
    const x = tf.ones([2, 3]), wrong = tf.ones([3]);
    tf.dispose(await compiled.run({ x }, [0, 0]));
    await assert.rejects(
      compiled.run({ x: wrong }, [0, 0]),
      /expected inputs x float32\[2,3\], received x float32\[3\]/,
    );
    await assert.rejects(compiled.run({}, [0, 0]), /received none/);
    compiled.dispose();
    tf.dispose([x, wrong]);
  },
);

Deno.test("an error inside a replay names the op and its shapes", async () => {
  const x = tf.ones([3, 2]), good = tf.tensor1d([0], "int32"), bad = tf.tensor1d([9], "int32");
  const compiled = backend.compile(
    "gather",
    ({ x, i }) => ({ y: tf.gather(x!, i as tf.Tensor1D) }),
  );
  tf.dispose(await compiled.run({ x, i: good }, [0, 0]));
  await assert.rejects(
    compiled.run({ x, i: bad }, [0, 0]),
    /GatherV2_\d+.*GatherV2 of float32\[3,2\], int32\[1\]/s,
  );
  compiled.dispose();
  tf.dispose([x, good, bad]);
});

Deno.test("a disposed function or variable is refused by name", async () => {
  const v = tf.variable(tf.ones([1]), true, "gone");
  const compiled = backend.compile("dispose", () => ({ y: tf.neg(v) }));
  tf.dispose(await compiled.run({}, [0, 0]));
  v.dispose();
  await assert.rejects(compiled.run({}, [0, 0]), /variable "gone" that was disposed/);
  compiled.dispose();
  await assert.rejects(compiled.run({}, [0, 0]), /received a disposed one/);
});
