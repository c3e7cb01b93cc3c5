/** Every backend computes the same as tfjs's reference backend. */
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "../../core/backend/mod.ts";
import { CASES } from "./cases.ts";
import { compareResults } from "./compare_results.ts";
import { runCase } from "./op_case.ts";

/** What a backend cannot do, and why. */
const GAPS: Record<string, Record<string, string>> = {
  tensorflow: {},
  wasm: {},
};

for (const name of ["tensorflow", "wasm"] as const) {
  for (const test of CASES) {
    const gap = GAPS[name]![test.name];
    Deno.test(`${name} computes ${test.name}${gap ? ` (not: ${gap})` : ""}`, async () => {
      await selectBackend({ name: "cpu" });
      const expected = await runCase(test);
      await selectBackend({ name });
      const before = tf.memory().numTensors;
      if (gap) {
        await assert.rejects(runCase(test), "the gap is closed: take it off the list");
        return;
      }
      compareResults(test, await runCase(test), expected);
      assert.equal(tf.memory().numTensors, before, "tensors were left behind");
    });
  }
}
