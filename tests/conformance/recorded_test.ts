/**
 * TensorFlow computes the same recorded as op by op; a graph demands more of a kernel than a single
 * op does.
 */
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { type Backend, selectBackend } from "../../core/backend/mod.ts";
import { seedFor } from "../../core/random.ts";
import { CASES } from "./cases.ts";
import { makeInput, type OpCase, waves } from "./op_case.ts";

/** A case's value and, if it has them, its gradients with respect to all inputs. */
function resultsOf(test: OpCase, inputs: tf.Tensor[]): tf.NamedTensorMap {
  const value = test.run(inputs);
  if (test.gradient === false) return { value };
  const gradients = tf.grads((...args) => tf.sum(tf.mul(test.run(args), waves(value.shape))))(
    inputs,
  );
  return { value, ...Object.fromEntries(gradients.map((x, i) => [`gradient ${i}`, x])) };
}

async function compare(backend: Backend, test: OpCase): Promise<void> {
  const inputs = test.inputs.map((input, i) => makeInput(test.name, input, i));
  const named = Object.fromEntries(inputs.map((x, i) => [`x${i}`, x]));
  const compiled = backend.compile(
    test.name,
    (given) => resultsOf(test, inputs.map((_, i) => given[`x${i}`]!)),
  ); // the same names
  const eager = tf.tidy(() => resultsOf(test, inputs));
  try {
    const recorded = await compiled.run(named, seedFor(0, "recorded"));
    for (const [name, expected] of Object.entries(eager)) {
      const received = recorded[name]!;
      assert.deepEqual(received.shape, expected.shape, name);
      const [a, b] = [received, expected].map((x) => x.dataSync());
      const scale = Math.max(1, ...b!.filter(Number.isFinite).map(Math.abs));
      b!.forEach((x, i) => {
        const same = Object.is(a![i], x); // also for infinite values and NaN
        assert(same || Math.abs(a![i]! - x) <= 2e-5 * scale, `${name}: ${a![i]}, ${x}`);
      });
    }
    tf.dispose(recorded);
  } finally {
    compiled.dispose();
    tf.dispose([inputs, eager]);
  }
}

Deno.test("TensorFlow computes each operation recorded as it does op by op", async (t) => {
  const backend = await selectBackend({ name: "tensorflow" });
  for (const test of CASES) await t.step(test.name, () => compare(backend, test));
});
