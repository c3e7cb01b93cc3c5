import assert from "node:assert/strict";
import fc from "fast-check";
import { phaseAt, phasesOf, type ResolutionPlan } from "./schedule.ts";
import { resolutionSpan } from "./resolution_span.ts";

/** Plans of one to five resolutions with images in each. */
const plans = fc.array(
  fc.record({
    fadeImages: fc.integer({ min: 0, max: 5000 }),
    stabilizeImages: fc.integer({ min: 1, max: 5000 }),
    batchSize: fc.integer({ min: 1, max: 64 }),
  }),
  { minLength: 1, maxLength: 5 },
).map((parts): ResolutionPlan[] =>
  parts.map((part, i) => ({ ...part, resolution: 4 * 2 ** i, learningRate: 0.001 }))
);

Deno.test("phasesOf() covers all images without gaps, the first resolution without a fade", () => {
  fc.assert(fc.property(plans, (plan) => {
    const phases = phasesOf(plan);
    let end = 0;
    for (const phase of phases) {
      assert.equal(phase.start, end);
      assert.ok(phase.end > phase.start);
      end = phase.end;
    }
    const images = plan.reduce((n, p, i) => n + (i > 0 ? p.fadeImages : 0) + p.stabilizeImages, 0);
    assert.equal(end, images);
    assert.ok(phases.every((p) => p.kind === "stabilize" || p.resolution > 4));
    assert.deepEqual(phases.map((p) => p.index), phases.map((_, i) => i));
  }));
});

Deno.test(
  "phaseAt() has alpha 0 at the first image of a fade and never lets it fall inside " +
    "one",
  () => {
    fc.assert(fc.property(plans, (plan) => {
      const phases = phasesOf(plan);
      for (const phase of phases.filter((p) => p.kind === "fade")) {
        assert.equal(phaseAt(phases, phase.start).alpha, 0);
        let last = -1;
        for (let n = phase.start; n < phase.end; n += 97) {
          const { alpha, phase: now } = phaseAt(phases, n);
          assert.equal(now.index, phase.index);
          assert.ok(alpha > last && alpha < 1);
          last = alpha;
        }
      }
    }));
  },
);

Deno.test("phaseAt() is done exactly after the last image, at alpha 1 of the last phase", () => {
  fc.assert(fc.property(plans, (plan) => {
    const phases = phasesOf(plan), end = phases.at(-1)!.end;
    assert.equal(phaseAt(phases, end - 1).done, false);
    const after = phaseAt(phases, end + 12);
    assert.deepEqual([after.done, after.alpha, after.phase.index], [true, 1, phases.length - 1]);
  }));
});

Deno.test("phaseAt() follows a small schedule by hand", () => {
  const base = { batchSize: 8, learningRate: 0.001 };
  const phases = phasesOf([
    { resolution: 4, fadeImages: 999, stabilizeImages: 100, ...base },
    { resolution: 8, fadeImages: 40, stabilizeImages: 60, ...base },
  ]);
  const seen = [0, 99, 100, 110, 139, 140, 199].map((n) => {
    const { phase, alpha } = phaseAt(phases, n);
    return [phase.resolution, phase.kind, alpha];
  });
  assert.deepEqual(seen, [
    [4, "stabilize", 1],
    [4, "stabilize", 1],
    [8, "fade", 0],
    [8, "fade", 0.25],
    [8, "fade", 0.975],
    [8, "stabilize", 1],
    [8, "stabilize", 1],
  ]);
});

Deno.test("phasesOf() refuses plans that can't be trained", () => {
  const base = { fadeImages: 10, stabilizeImages: 10, batchSize: 8, learningRate: 0.001 };
  assert.throws(() => phasesOf([]), RangeError);
  assert.throws(
    () => phasesOf([{ ...base, resolution: 4 }, { ...base, resolution: 16 }]),
    /twice the one before, received 4 then 16/,
  );
  assert.throws(() => phasesOf([{ ...base, resolution: 4, stabilizeImages: 1.5 }]), /received 1.5/);
  const none = { ...base, fadeImages: 0, stabilizeImages: 0 };
  assert.throws(
    () => phasesOf([{ ...none, fadeImages: 9, resolution: 4 }]),
    /expected images to stabilize at 4 px, received 0/,
  );
  assert.throws(
    () => phasesOf([{ ...base, resolution: 4 }, { ...none, resolution: 8 }]),
    /expected images to fade or stabilize at 8 px, received 0/,
  );
});

Deno.test("a resolution's span has its fade and its stabilization", () => {
  const plan = { batchSize: 8, learningRate: 1 };
  const phases = phasesOf([
    { ...plan, resolution: 4, fadeImages: 0, stabilizeImages: 10 },
    { ...plan, resolution: 8, fadeImages: 20, stabilizeImages: 30 },
  ]);
  assert.deepEqual(phases.map((phase) => resolutionSpan(phases, phase)), [
    { start: 0, end: 10 },
    { start: 10, end: 60 },
    { start: 10, end: 60 },
  ]);
});
