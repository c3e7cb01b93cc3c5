import assert from "node:assert/strict";
import fc from "fast-check";
import { phaseAt, phasesOf, type ResolutionPlan } from "../schedule.ts";
import { type Budget, leastSeconds, planBudget, type ResolutionCost } from "./plan_budget.ts";

const at = (resolution: number, fadeImages: number, stabilizeImages: number): ResolutionPlan => ({
  resolution,
  fadeImages,
  stabilizeImages,
  batchSize: 16,
  learningRate: 0.005,
});

/** The schedule of StyleGAN's default preset. */
const desired = [
  at(4, 0, 4000),
  at(8, 4000, 8000),
  at(16, 6000, 18_000),
  at(32, 8000, 20_000),
  at(64, 12_000, 400_000),
];

/**
 * Costs for given speeds, images per second; fades take a tenth longer, recording 5 s per phase.
 */
function costsOf(speeds: readonly number[]): Map<number, ResolutionCost> {
  return new Map(speeds.map((speed, i) => [
    4 * 2 ** i,
    { fade: 1.1 / speed, stabilize: 1 / speed, record: 5 },
  ]));
}

/** Speeds from 4 to 64 px, images per second, on fast and on slow cores. */
const QUICK = costsOf([1000, 600, 280, 120, 80]), SLOW = costsOf([300, 150, 60, 30, 20]);

const imagesOf = (plan: readonly ResolutionPlan[]) =>
  plan.map(({ fadeImages, stabilizeImages }) => fadeImages + stabilizeImages);

/** Time that the rest of a plan takes, seconds. */
function secondsOf(plan: readonly ResolutionPlan[], { costs, past }: Budget): number {
  const from = past?.imagesSeen ?? 0;
  return phasesOf(plan).filter(({ end }) => end > from).reduce(
    (sum, { kind, resolution, ...p }) => {
      const cost = costs.get(resolution)!;
      return sum + (p.end - Math.max(p.start, from)) * cost[kind] + cost.record;
    },
    0,
  );
}

Deno.test(
  "an hour of two quick cores keeps the desired low resolutions and gives the rest to " +
    "64 px",
  () => {
    const budget = { desired, costs: QUICK, seconds: 3600 }, plan = planBudget(budget);
    assert.deepEqual(imagesOf(plan).slice(0, 4), [4000, 12_000, 24_000, 28_000]);
    // 4k/1000 + (4.4k+8k)/600 + (6.6k+18k)/280 + (8.8k+20k)/120 s and nine recordings of 5 s leave
    // 3,201 s; 12k fade in 165 s
    const left = 3600 - 45 - (4 + 12_400 / 600 + 24_600 / 280 + 28_800 / 120) - 12_000 * 1.1 / 80;
    assert.equal(plan[4]!.fadeImages, 12_000);
    assert.equal(plan[4]!.stabilizeImages, Math.floor(left * 80 / 1000) * 1000);
  },
);

Deno.test(
  "where low resolutions would take over 40 % of the time, the longest are cut " +
    "first",
  () => {
    const plan = planBudget({ desired, costs: SLOW, seconds: 3600 }), images = imagesOf(plan);
    assert.deepEqual(images.slice(0, 2), [4000, 12_000]); // 13 and 80 s
    assert.ok(images[2]! <= 24_000 && images[3]! < 28_000, `${images}`);
    const below = secondsOf(plan.slice(0, 4), { desired, costs: SLOW, seconds: 0 }) - 35;
    assert.ok(below <= 0.4 * (3600 - 45) && below > 0.39 * (3600 - 45), `${below}`);
    assert.equal(plan.at(-1)!.resolution, 64);
  },
);

Deno.test("a budget too short for a resolution ends below it", () => {
  const last = (minutes: number) =>
    planBudget({ desired, costs: SLOW, seconds: 60 * minutes }).at(-1)!.resolution;
  assert.deepEqual([2, 5, 15, 60].map(last), [8, 16, 32, 64]);
  // 64 px needs 21,000 images, three quarters of twice the 14,000 of 32 px: 1,050 s and more, which
  // must be within 60 % of the time. What is below needs 708 s, which must be within 40 %.
  assert.deepEqual([30, 31].map(last), [32, 64]);
});

Deno.test("a budget without time for a step is refused", () => {
  assert.throws(() => planBudget({ desired, costs: SLOW, seconds: 5 }), /5.1 for a step of 16/);
});

const budgets = fc.record({
  speeds: fc.array(fc.double({ min: 0.2, max: 2000, noNaN: true }), { minLength: 5, maxLength: 5 }),
  seconds: fc.double({ min: 600, max: 200_000, noNaN: true }),
});
const decreasing = (speeds: readonly number[]) => [...speeds].sort((a, b) => b - a);

Deno.test(
  "a plan ends within its budget, wastes little of it, and has images in every " +
    "phase",
  () => {
    fc.assert(fc.property(budgets, ({ speeds, seconds }) => {
      const budget = { desired, costs: costsOf(decreasing(speeds)), seconds };
      let plan;
      try {
        plan = planBudget(budget);
      } catch {
        return; // a step at 4 px takes longer; see above
      }
      const spent = secondsOf(plan, budget),
        { stabilize } = budget.costs.get(plan.at(-1)!.resolution)!;
      assert.ok(spent <= seconds + 1e-6, `${spent} of ${seconds} s`);
      // rounded to 1000 images at most
      assert.ok(spent >= 0.9 * seconds - 1000 * stabilize, `${spent} of ${seconds} s`);
      // half of what is desired, at most twice the one before; of the last three quarters of that
      const needs = [2000, 4000, 8000, 14_000, 28_000];
      const images = imagesOf(plan);
      if (plan.length > 1) {
        images.forEach((n, i) => {
          const need = (i === plan.length - 1 ? 0.75 : 1) * needs[i]!;
          assert.ok(n >= need - 1000, `${images}`);
        });
      }
    }));
  },
);

Deno.test(
  "a longer budget ends no lower, and gives no resolution fewer images where it ends " +
    "at the same",
  () => {
    fc.assert(
      fc.property(budgets, fc.double({ min: 1, max: 5, noNaN: true }), ({ speeds, seconds }, f) => {
        const costs = costsOf(decreasing(speeds));
        let short;
        try {
          short = planBudget({ desired, costs, seconds });
        } catch {
          return; // a step at 4 px takes longer
        }
        const long = planBudget({ desired, costs, seconds: f * seconds });
        assert.ok(long.length >= short.length);
        if (long.length > short.length) return;
        imagesOf(short).forEach((n, i) => assert.ok(imagesOf(long)[i]! >= n - 1, `${n}`));
      }),
    );
  },
);

Deno.test("a plan of what is ahead leaves what was seen, and takes the new time", () => {
  const first = planBudget({ desired, costs: QUICK, seconds: 900 }), phases = phasesOf(first);
  const end = phases.at(-1)!.end;
  fc.assert(fc.property(fc.integer({ min: 1, max: end }), (imagesSeen) => {
    const budget = { desired, costs: QUICK, seconds: 1800, past: { phases, imagesSeen } };
    const plan = planBudget(budget), again = phasesOf(plan);
    for (const seen of [0, 1000, 5000, 20_000, 50_000, imagesSeen - 1]) {
      if (seen >= imagesSeen) continue;
      const [before, now] = [phaseAt(phases, seen), phaseAt(again, seen)];
      assert.deepEqual([now.phase.index, now.phase.resolution, now.alpha], [
        before.phase.index,
        before.phase.resolution,
        before.alpha,
      ]);
    }
    assert.equal(plan.at(-1)!.resolution, 64);
    const spent = secondsOf(plan, budget);
    // the phase that goes on is recorded, too
    assert.ok(spent <= 1800 + 5.1 && spent > 1600, `${spent}`);
  }));
});

Deno.test("a run that ended at a lower resolution grows when a later budget affords it", () => {
  const first = planBudget({ desired, costs: SLOW, seconds: 900 }), phases = phasesOf(first);
  assert.equal(first.at(-1)!.resolution, 32);
  const past = { phases, imagesSeen: phases.at(-1)!.end };
  const plan = planBudget({ desired, costs: SLOW, seconds: 3600, past });
  assert.deepEqual(plan.map(({ resolution }) => resolution), [4, 8, 16, 32, 64]);
  assert.deepEqual(plan.slice(0, 3), first.slice(0, 3));
  assert.ok(plan[3]!.stabilizeImages >= first[3]!.stabilizeImages);
  assert.ok(imagesOf(plan)[4]! >= 28_000);
});

Deno.test("a budget too short for the rest of a fade is refused as that, not as one of no step", () => {
  const phases = phasesOf(desired), fade = phases.find(({ kind }) => kind === "fade")!;
  const past = { phases, imagesSeen: fade.start + 16 }, left = fade.end - past.imagesSeen;
  const { fade: cost, record } = SLOW.get(fade.resolution)!;
  const plan = (images: number) =>
    planBudget({ desired, costs: SLOW, seconds: 2 * record + images * cost, past });
  assert.throws(() => plan(left - 16), {
    name: "RangeError",
    message: new RegExp(
      `expected at least .* for the rest of the fade at ${fade.resolution} px, ${left} images`,
    ),
  });
  assert.equal(plan(left + 1).at(-1)!.resolution, fade.resolution);
});

Deno.test("the least that a budget needs is enough, and any less is not", () => {
  const phases = phasesOf(desired), fade = phases.find(({ kind }) => kind === "fade")!;
  for (
    const past of [undefined, { phases, imagesSeen: 16 }, { phases, imagesSeen: fade.start + 16 }]
  ) {
    const budget = { desired, costs: SLOW, ...(past ? { past } : {}) },
      least = leastSeconds(budget);
    planBudget({ ...budget, seconds: least + 1e-6 });
    assert.throws(() => planBudget({ ...budget, seconds: least - 1e-6 }), RangeError);
  }
});

Deno.test("the rest of a run can't end below where it stands", () => {
  const past = { phases: phasesOf(desired), imagesSeen: 60_000 }; // at 32 px
  const low = desired.slice(0, 3);
  assert.throws(
    () => planBudget({ desired: low, costs: QUICK, seconds: 900, past }),
    /expected 32 px/,
  );
});
