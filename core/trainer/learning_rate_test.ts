import assert from "node:assert/strict";
import { phasesOf } from "../schedule.ts";
import { rateDecay } from "./learning_rate.ts";

/** 1,000 images in two phases. */
const phases = phasesOf([
  { resolution: 4, fadeImages: 0, stabilizeImages: 400, batchSize: 4, learningRate: 0.1 },
  { resolution: 8, fadeImages: 0, stabilizeImages: 600, batchSize: 4, learningRate: 0.1 },
]);

const near = (a: number, b: number) => assert(Math.abs(a - b) < 1e-12, `${a}, expected ${b}`);

Deno.test("rateDecay() is 1 until decayFrom, half way down in the middle of the rest, finalRate at the end", () => {
  const at = (images: number) => rateDecay({ decayFrom: 0.2, finalRate: 0.1 }, phases, images);
  assert.deepEqual([0, 100, 200].map(at), [1, 1, 1]);
  near(at(600), 0.55);
  near(at(400), 0.1 + 0.9 * (1 + Math.SQRT1_2) / 2); // a quarter of the rest: cos(π/4)
  near(at(1000), 0.1);
  near(at(1200), 0.1);
});

Deno.test("rateDecay() with a final rate of 1 changes nothing", () => {
  for (const images of [0, 500, 1000]) {
    assert.equal(rateDecay({ decayFrom: 0, finalRate: 1 }, phases, images), 1);
  }
});
