/** Every backend computes what tfjs's own reference backend computes. */
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "../../core/backend/mod.ts";
import { CASES } from "./cases.ts";
import { type OpCase, type OpResult, runCase } from "./op_case.ts";

/** Float32 sums in another order. */
const TOLERANCE = 2e-5;

/** What a backend can't do, and why. */
const GAPS: Record<string, Record<string, string>> = {
  tensorflow: {},
  wasm: {},
};

for (const name of ["tensorflow", "wasm"] as const) {
  for (const test of CASES) {
    const gap = GAPS[name]![test.name];
    Deno.test(`${name} computes ${test.name}${gap ? ` (not: ${gap})` : ""}`, async () => {
      await selectBackend({ name: "cpu" });
      const expected = runCase(test);
      await selectBackend({ name });
      const before = tf.memory().numTensors;
      if (gap) {
        assert.throws(() => runCase(test), "the gap is closed: take it off the list");
        return;
      }
      compare(test, runCase(test), expected);
      assert.equal(tf.memory().numTensors, before, "tensors were left behind");
    });
  }
}

function compare(test: OpCase, received: OpResult, expected: OpResult): void {
  assert.deepEqual(received.value.shape, expected.value.shape, "shape");
  close("value", received.value.values, expected.value.values);
  for (const [i, gradient] of expected.gradients.entries()) {
    close(`gradient by input ${i} of ${test.name}`, received.gradients[i]!, gradient);
  }
  for (const [i, gradient] of expected.second.entries()) {
    close(`second gradient by input ${i} of ${test.name}`, received.second[i]!, gradient);
  }
}

function close(what: string, received: readonly number[], expected: readonly number[]): void {
  assert.equal(received.length, expected.length, `${what}: length`);
  const scale = Math.max(1, ...expected.filter(Number.isFinite).map(Math.abs));
  expected.forEach((value, i) => {
    if (Object.is(received[i], value)) return; // infinite ones and NaN, too
    const error = Math.abs(received[i]! - value) / scale;
    assert.ok(error <= TOLERANCE, `${what}: expected ${value} at ${i}, received ${received[i]}`);
  });
}
