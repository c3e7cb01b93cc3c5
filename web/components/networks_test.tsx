/** The networks section shows every block that the networks have. */
import assert from "node:assert/strict";
import { phasesOf } from "../../core/schedule.ts";
import { blocksOf } from "./networks.tsx";

const part = { fadeImages: 8, stabilizeImages: 8, batchSize: 8, learningRate: 1e-3 };
const phases = phasesOf([{ ...part, resolution: 32 }, { ...part, resolution: 64 }]);

Deno.test("blocksOf() begins at the first block, though training starts above it", () => {
  assert.deepEqual(blocksOf(phases, 4), [4, 8, 16, 32, 64]);
  assert.deepEqual(blocksOf(phases, 32), [32, 64]);
});

Deno.test("blocksOf() without a first block begins where training does", () => {
  assert.deepEqual(blocksOf(phases, 0), [32, 64]);
});
