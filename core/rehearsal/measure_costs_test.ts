import assert from "node:assert/strict";
import { type Phase, phasesOf } from "../schedule.ts";
import { costsOf, type MeasuredPhase, measurePhases } from "./measure_costs.ts";

const phases = phasesOf([4, 8, 16, 32, 64].map((resolution) => ({
  ...{ resolution, fadeImages: 100, stabilizeImages: 100, batchSize: 4, learningRate: 0.1 },
})));
const nameOf = ({ resolution, kind }: Phase) => `${resolution} ${kind}`;

/**
 * What is measured within a time limit, and how long that takes.
 * @param took time to measure a resolution, seconds
 */
async function measuredIn(seconds: number, took: (resolution: number) => number, of = phases) {
  let time = 100;
  const probes = await measurePhases({
    phases: of,
    seconds,
    now: () => time,
    probe: (phase) => {
      time += took(phase.resolution);
      return Promise.resolve({ phase, imagesPerSecond: 1, recordSeconds: 1 });
    },
  });
  return { names: probes.map(({ phase }) => nameOf(phase)), took: time - 100 };
}

Deno.test("the last resolutions are measured first, then a fade, then the small ones", async () => {
  const { names } = await measuredIn(1000, () => 10);
  assert.deepEqual(names, [
    "8 stabilize",
    "16 stabilize",
    "32 stabilize",
    "64 stabilize",
    "64 fade",
    "4 stabilize",
  ]);
});

Deno.test(
  "measuring ends in time where each resolution takes twice as long as the one before, " +
    "or less",
  async () => {
    for (const growth of [1, 1.5, 2]) {
      for (const seconds of [10, 30, 60, 90, 200]) {
        const { names, took } = await measuredIn(seconds, (r) => 5 * growth ** Math.log2(r / 8));
        assert.ok(took <= seconds, `${growth}, ${seconds}: ${took}`);
        assert.ok(names.length > 0);
      }
    }
    // 16 more would not fit
    assert.deepEqual((await measuredIn(20, (r) => r)).names, ["8 stabilize", "8 fade"]);
  },
);

Deno.test(
  "one resolution is measured however short the time is, and nothing below the present " +
    "one",
  async () => {
    assert.deepEqual((await measuredIn(0.001, () => 10)).names, ["8 stabilize"]);
    const ahead = phases.filter(({ resolution }) => resolution >= 32);
    assert.deepEqual((await measuredIn(1000, () => 1, ahead)).names, [
      "32 stabilize",
      "64 stabilize",
      "64 fade",
    ]);
  },
);

Deno.test(
  "costs are as measured; others are guessed from the nearest below, fades by the one " +
    "that was measured",
  () => {
    const probe = (
      name: string,
      imagesPerSecond: number,
      recordSeconds: number,
    ): MeasuredPhase => ({
      phase: phases.find((phase) => nameOf(phase) === name)!,
      imagesPerSecond,
      recordSeconds,
    });
    const costs = costsOf(phases, [
      probe("16 stabilize", 40, 2),
      probe("32 stabilize", 20, 3),
      probe("32 fade", 16, 4), // a quarter slower,
    ]);
    assert.deepEqual(costs.get(32), { stabilize: 1 / 20, fade: 1 / 16, record: 3 });
    assert.deepEqual(costs.get(16), { stabilize: 1 / 40, fade: 1 / 40 * 1.25, record: 2 });
    assert.deepEqual(costs.get(4), { stabilize: 1 / 160, fade: 1 / 160 * 1.25, record: 4 });
    assert.equal(costs.get(64)!.stabilize, 1 / 10); // as 32 px to 16 px
  },
);
