/** Compares tensor code with the values that `reference.py` wrote. */
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";

/** A tensor as JSON. */
export interface Packed {
  shape: number[];
  values: number[];
}

/** A case written by `reference.py`. */
export interface Case {
  inputs: Record<string, Packed>;
  output: Packed;
  weights: Packed;
  directions: Record<string, Packed>[];
  /** Of orders one, two …: by input. */
  gradients: Record<string, Packed>[];
}

/** Reads the cases of a JSON file beside the caller. */
export function readCases<T = Case>(url: URL): Record<string, T> {
  return JSON.parse(Deno.readTextFileSync(url)); // written by reference.py
}

/** Restores a tensor. */
export function unpack<T extends tf.Tensor = tf.Tensor>({ shape, values }: Packed): T {
  return tf.tensor(values, shape, "float32") as T; // the caller knows the rank
}

/**
 * Fails if shapes differ, or values differ by more than `tolerance` of the largest expected one.
 * @param actual a tensor
 * @param expected from PyTorch
 */
export function assertClose(
  actual: tf.Tensor,
  expected: Packed,
  what: string,
  tolerance = 1e-5,
): void {
  assert.deepEqual(actual.shape, expected.shape, `${what}: shape`);
  const values = actual.dataSync();
  const largest = expected.values.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  expected.values.forEach((e, i) => {
    const difference = Math.abs(values[i]! - e); // the shapes are equal
    assert(
      difference <= tolerance * Math.max(largest, 0.01),
      `${what}: expected ${e} at ${i}, received ${values[i]} (largest ${largest})`,
    );
  });
}

/**
 * Checks `fn`'s output, its gradients of all orders in the case, and that nothing leaks.
 * @param name for messages
 * @param fn receives the inputs in the order of the case
 * @param inputs tensors to use instead of new ones, e.g. variables with the case's values
 */
export function checkCase(
  name: string,
  reference: Case,
  fn: (...inputs: never[]) => tf.Tensor,
  inputs: Record<string, tf.Tensor> = {},
): void {
  // the case's tensors have the ranks that fn expects
  const call = fn as unknown as (...inputs: tf.Tensor[]) => tf.Tensor;
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const names = Object.keys(reference.inputs);
    const xs = names.map((n) => inputs[n] ?? unpack(reference.inputs[n]!));
    const pick = (tensors: Record<string, Packed>) => names.map((n) => unpack(tensors[n]!));
    assertClose(call(...xs), reference.output, `${name}: output`);

    const weights = unpack(reference.weights);
    let objective = (...inputs: tf.Tensor[]) => {
      const y = call(...inputs);
      return tf.sum<tf.Scalar>(tf.mul(weights, tf.mul(y, tf.square(y))));
    };
    reference.gradients.forEach((expected, i) => {
      const gradients = tf.grads(objective);
      gradients(xs).forEach((g, j) => {
        assertClose(g, expected[names[j]!]!, `${name}: gradient ${i + 1} by ${names[j]}`, 3e-5);
      });
      if (i + 1 === reference.gradients.length) return;
      const directions = pick(reference.directions[i]!); // one less than gradients
      objective = (...inputs) =>
        tf.addN(gradients(inputs).map((g, j) => tf.sum(tf.mul(g, directions[j]!)))) as tf.Scalar;
    });
  });
  assert.equal(tf.memory().numTensors, before, `${name}: leaked tensors`);
}

/** Activates the backend for tests: tfjs's "cpu", or the one that CAMBIUM_TEST_BACKEND names. */
export async function useTestBackend(): Promise<void> {
  const name = Deno.env.get("CAMBIUM_TEST_BACKEND");
  if (name === undefined || name === "cpu") await tf.setBackend("cpu");
  else {
    const { selectBackend } = await import("../../backend/mod.ts");
    await selectBackend({ name: name as "tensorflow" | "wasm" }); // refuses other names itself
  }
  await tf.ready();
}
