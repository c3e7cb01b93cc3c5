import assert from "node:assert/strict";
import { planBudget, type ResolutionCost } from "../../config/mod.ts";
import type { ResolutionPlan } from "../../schedule.ts";
import { planText } from "./plan_text.ts";

const at = (resolution: number, fadeImages: number, stabilizeImages: number): ResolutionPlan => ({
  ...{ resolution, fadeImages, stabilizeImages, batchSize: 10, learningRate: 0.005 },
});
const cost = (speed: number): ResolutionCost => ({
  fade: 1 / speed,
  stabilize: 1 / speed,
  record: 0,
});
const desired = [at(4, 0, 6000), at(8, 3000, 90_000)];
const costs = new Map([[4, cost(20)], [8, cost(10)]]);

/** @param minutes of a plan that begins at 10:00 */
function told(minutes: number, past?: { phases: never[]; imagesSeen: number }): string[] {
  const budget = { desired, costs, seconds: 60 * minutes, ...(past ? { past } : {}) };
  const now = new Date(2026, 0, 31, 10, 0);
  return planText({
    ...{ minutes, budget, now, plan: planBudget(budget), finalRate: 0.1, decayFrom: 0.3 },
  });
}

Deno.test(
  "a plan tells images, speed, when the last resolution begins and ends, and the " +
    "rate's fall",
  () => {
    // 300 s for 6,000 images at 4 px; 3,300 s for 33,000 at 8 px
    assert.deepEqual(told(60), [
      "Plan of 60 minutes: 4 px 6,000, 8 px 33,000 images, at about 10 a second in the end. " +
      "8 px from 10:05 on, done at about 11:00. It is fixed in images: on a busier machine it " +
      "ends later",
      "The learning rate falls from image 11,700 on, to 0.1 of itself at 39,000",
    ]);
  },
);

Deno.test("an end on another day has its date", () => {
  assert.match(
    told(60 * 20)[0]!,
    /^Plan of 20 hours: .*8 px from 10:05 on, done at about 2026-02-01 06:00\./,
  );
});

Deno.test(
  "a plan that ends below the desired resolution says from when on that one is worth " +
    "it",
  () => {
    const lines = told(8);
    assert.match(
      lines[0]!,
      /^Plan of 8 minutes: 4 px 9,600 images, at about 20 a second in the end\. done at/,
    );
    // 8 px needs 4,500 images, 450 s, beside 4 px's 3,000 to 6,000, 150 to 300 s: 12 minutes, of
    // steps of a tenth
    const from = Number(/is worth it from about (\d+) minutes on/.exec(lines[2]!)?.[1]);
    assert.ok(from >= 12 && from <= 14, `${from}`);
  },
);
