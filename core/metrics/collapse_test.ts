import assert from "node:assert/strict";
import type { CollapseSignals } from "./collapse_alarms.ts";
import recorded from "./testdata/collapse_runs.json" with { type: "json" };
import { CollapseWatch } from "./collapse.ts";

const HEALTHY = {
  resolution: 16,
  sampleDiversity: 0.4,
  realDiversity: 0.5,
  criticLead: 2,
  penalty: 0.5,
  gradientNorm: 1,
};

/**
 * Feeds `count` intervals; returns "code level" of the warnings, with the interval's number in this
 * call.
 */
function feed(
  watch: CollapseWatch,
  count: number,
  change: Partial<CollapseSignals> = {},
): string[] {
  const out: string[] = [];
  for (let i = 1; i <= count; i++) {
    for (const { code, level } of watch.update({ imagesSeen: i * 1000, ...HEALTHY, ...change })) {
      out.push(`${i} ${code} ${level}`);
    }
  }
  return out;
}

Deno.test("CollapseWatch says nothing of a healthy run that sways and grows", () => {
  const watch = new CollapseWatch();
  for (let i = 0; i < 200; i++) {
    const sway = 1 + 0.5 * Math.sin(i);
    const signals = {
      resolution: 4 * 2 ** Math.floor(i / 50),
      criticLead: 3 * sway,
      penalty: sway,
      gradientNorm: 2 * sway,
      sampleDiversity: 0.3 * sway,
    };
    assert.deepEqual(feed(watch, 1, signals), []);
  }
});

Deno.test("CollapseWatch reports NaN at once, and once", () => {
  const watch = new CollapseWatch();
  feed(watch, 3);
  assert.deepEqual(feed(watch, 4, { penalty: NaN }), ["1 not-finite error"]);
  assert.deepEqual(watch.raised, ["not-finite"]);
  assert.deepEqual(feed(watch, 2), ["1 not-finite info"]);
  const [warning] = watch.update({
    ...HEALTHY,
    imagesSeen: 7,
    criticLead: -Infinity,
    penalty: NaN,
  });
  assert.match(warning!.message, /criticLead, penalty/);
  assert.equal(warning!.imagesSeen, 7);
  assert.match(warning!.advice, /checkpoint/);
});

Deno.test(
  "CollapseWatch reports mode collapse after three alike intervals, with " +
    "hysteresis",
  () => {
    const watch = new CollapseWatch();
    feed(watch, 1);
    assert.deepEqual(feed(watch, 2, { sampleDiversity: 0.1 }), []);
    assert.deepEqual(feed(watch, 1, { sampleDiversity: 0.3 }), []); // the streak is broken
    assert.deepEqual(feed(watch, 9, { sampleDiversity: 0.1 }), ["3 mode-collapse warning"]);
    // 0.2 is above the raising threshold (0.125) and below the clearing one (0.25).
    assert.deepEqual(feed(watch, 9, { sampleDiversity: 0.2 }), []);
    assert.deepEqual(feed(watch, 5, { sampleDiversity: 0.3 }), ["3 mode-collapse info"]);
  },
);

Deno.test("CollapseWatch gives a generator that has never been varied ten intervals", () => {
  const watch = new CollapseWatch();
  assert.deepEqual(feed(watch, 40, { sampleDiversity: 0 }), ["10 mode-collapse warning"]);
});

Deno.test(
  "CollapseWatch reports a critic that runs away from its usual lead, not a large " +
    "usual one",
  () => {
    const watch = new CollapseWatch();
    assert.deepEqual(feed(watch, 20, { criticLead: 40 }), []);
    assert.deepEqual(feed(watch, 10, { criticLead: 150 }), []);
    assert.deepEqual(feed(watch, 10, { criticLead: 400 }), ["3 critic-runaway warning"]);
    assert.deepEqual(feed(watch, 10, { criticLead: 40 }), ["3 critic-runaway info"]);
  },
);

Deno.test("CollapseWatch reports a critic behind only when it stays behind", () => {
  const watch = new CollapseWatch();
  for (let i = 0; i < 30; i++) {
    assert.deepEqual(feed(watch, 1, { criticLead: i % 3 === 0 ? 0.1 : -0.1 }), []);
  }
  // The last two of those count.
  assert.deepEqual(feed(watch, 12, { criticLead: -0.1 }), ["8 critic-behind warning"]);
});

Deno.test(
  "CollapseWatch reports spikes of penalty and gradient against the usual of the " +
    "resolution",
  () => {
    const watch = new CollapseWatch(), spike = { penalty: 20, gradientNorm: 50 };
    assert.deepEqual(feed(watch, 9), []);
    assert.deepEqual(feed(watch, 3, spike), []); // nothing is usual yet
    feed(watch, 60);
    assert.deepEqual(feed(watch, 3, spike), [
      "2 penalty-spike warning",
      "2 gradient-spike warning",
    ]);
    feed(watch, 5);
    assert.deepEqual(watch.raised, []);
    assert.deepEqual(feed(watch, 3, { ...spike, resolution: 32 }), []); // a new resolution
  },
);

Deno.test("CollapseWatch works with the signals that a model has", () => {
  const watch = new CollapseWatch();
  for (let i = 0; i < 40; i++) {
    assert.deepEqual(watch.update({ imagesSeen: i, resolution: 8 }), []);
  }
});

/** Warnings of a recorded run, in the order of its intervals: "code at imagesSeen". */
function warningsOf(run: readonly CollapseSignals[]): string[] {
  const watch = new CollapseWatch();
  return run.flatMap((signals) =>
    watch.update(signals).filter(({ level }) => level !== "info")
      .map(({ code, imagesSeen }) => `${code} at ${imagesSeen}`)
  );
}

Deno.test("CollapseWatch says nothing of two recorded runs that went well", () => {
  assert.ok(recorded.healthy.length > 100 && recorded.healthyShort.length > 50);
  assert.deepEqual(warningsOf(recorded.healthy), []);
  assert.deepEqual(warningsOf(recorded.healthyShort), []);
});

Deno.test("CollapseWatch warns of a recorded run whose generator learned one image", () => {
  const run: readonly CollapseSignals[] = recorded.collapsed;
  // There is a grid every 320 images; from this one on reals are more than 4 times as diverse.
  const alike = run.find(({ sampleDiversity: s, realDiversity: r }) => s && r && r > 4 * s)!;
  const found = warningsOf(run);
  assert.ok(found.includes(`mode-collapse at ${alike.imagesSeen + 2 * 320}`), found.join());
  assert.ok(found.some((warning) => warning.startsWith("critic-behind")), found.join());
  assert.equal(found.length, 2);
});
