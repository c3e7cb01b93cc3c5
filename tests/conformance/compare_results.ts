import assert from "node:assert/strict";
import type { OpCase, OpResult } from "./op_case.ts";

/** Allows for float32 sums in another order. */
const TOLERANCE = 2e-5;

/** Compares the results of two backends. */
export function compareResults(test: OpCase, received: OpResult, expected: OpResult): void {
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
    if (Object.is(received[i], value)) return; // also for infinite values and NaN
    const error = Math.abs(received[i]! - value) / scale;
    assert.ok(error <= TOLERANCE, `${what}: expected ${value} at ${i}, received ${received[i]}`);
  });
}
