/** WebGPU computes the same as tfjs's reference backend, on whatever adapter this machine has. */
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "../../core/backend/mod.ts";
import { hasAdapter } from "../webgpu/adapter.ts";
import { CASES } from "./cases.ts";
import { compareResults } from "./compare_results.ts";
import { runCase } from "./op_case.ts";

const ignore = !await hasAdapter();

for (const test of CASES) {
  Deno.test({
    name: `webgpu computes ${test.name}`,
    ignore,
    sanitizeResources: false, // tfjs keeps its device for the lifetime of the process
    async fn() {
      await selectBackend({ name: "cpu" });
      const expected = await runCase(test);
      await selectBackend({ name: "webgpu" });
      const before = tf.memory().numTensors;
      compareResults(test, await runCase(test), expected);
      assert.equal(tf.memory().numTensors, before, "tensors were left behind");
    },
  });
}
