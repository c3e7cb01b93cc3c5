import assert from "node:assert/strict";
import { decayPeriods } from "../../config/mod.ts";
import { phasesOf } from "../../schedule.ts";
import { rateDecay } from "./learning_rate.ts";

/** 1,000 images in two phases. */
const phases = phasesOf([
  { resolution: 4, fadeImages: 0, stabilizeImages: 400, batchSize: 4, learningRate: 0.1 },
  { resolution: 8, fadeImages: 0, stabilizeImages: 600, batchSize: 4, learningRate: 0.1 },
]);

const near = (a: number, b: number) => assert(Math.abs(a - b) < 1e-12, `${a}, expected ${b}`);

Deno.test(
  "rateDecay() is 1 until decayFrom, half way down in the middle of the rest, " +
    "finalRate at the end",
  () => {
    const at = (images: number) =>
      rateDecay({ decayFrom: 0.2, finalRate: 0.1, decayPeriods: [] }, phases, images);
    assert.deepEqual([0, 100, 200].map(at), [1, 1, 1]);
    near(at(600), 0.55);
    near(at(400), 0.1 + 0.9 * (1 + Math.SQRT1_2) / 2); // a quarter of the rest: cos(π/4)
    near(at(1000), 0.1);
    near(at(1200), 0.1);
  },
);

Deno.test("rateDecay() with a final rate of 1 changes nothing", () => {
  for (const images of [0, 500, 1000]) {
    assert.equal(rateDecay({ decayFrom: 0, finalRate: 1, decayPeriods: [] }, phases, images), 1);
  }
});

Deno.test("a period that comes later begins anew and changes nothing before it", () => {
  const rates = (decayPeriods: string[]) => (images: number) =>
    rateDecay({ decayFrom: 0, finalRate: 0.1, decayPeriods }, phases, images);
  const first = rates(["0:0.8k"]), both = rates(["0:800", "600:1000"]);
  for (const images of [0, 300, 599]) assert.equal(both(images), first(images));
  assert.equal(both(600), 1);
  near(both(800), 0.55); // the middle of the second
  near(first(800), 0.1);
  near(first(1000), 0.1); // constant after its end
});

Deno.test("a period that begins where the schedule ends leaves the rate as it was there", () => {
  const at = (images: number, decayPeriods: string[]) =>
    rateDecay({ decayFrom: 0, finalRate: 0.1, decayPeriods }, phases, images);
  near(at(1000, ["0:1000", "1000:2000"]), 0.1);
  near(at(1000, ["1000:2000"]), 0.1); // the schedule's period applies
});

Deno.test(
  "decay periods that run backwards, overlap in their beginnings or are no periods are " +
    "refused",
  () => {
    for (const wrong of [["5:5"], ["a:9"], ["0:5:9"], ["9"], ["0:9", "0:20"], ["4:9", "3:20"]]) {
      assert.throws(() => decayPeriods(wrong), RangeError, wrong.join());
    }
  },
);
