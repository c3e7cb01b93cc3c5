/** Thresholds at which watches warn, and end a resolution. */
import assert from "node:assert/strict";
import diversity from "./diversity.ts";
import plateau from "./plateau.ts";
import { testContext } from "./test_context.ts";

Deno.test("diversity counts samples nearer than its distance, and warns beyond its share", () => {
  const { context, said } = testContext(diversity, { repeatDistance: 0.1, repeatShare: 0.4 });
  const sampled = (...values: number[]) =>
    diversity.hooks.sampled!(context, {
      data: Float32Array.from(values),
      shape: [values.length, 1, 1, 1],
    });
  sampled(0, 0.125, 1, 1.0625, 2); // 2 of 5
  assert.equal(said.charts["diversity/repeats"], 2 / 5);
  const mean = (0.125 + 0.125 + 0.0625 + 0.0625 + 0.9375) / 5;
  assert.ok(Math.abs(said.charts["diversity/nearest"]! - mean) < 1e-6);
  assert.deepEqual(said.warned, []);
  sampled(0, 0.0625, 1, 1.0625); // all
  assert.deepEqual(said.warned, ["repeats"]);
});

Deno.test("diversity says nothing of a grid of one", () => {
  const { context, said } = testContext(diversity);
  diversity.hooks.sampled!(context, { data: new Float32Array(3), shape: [1, 1, 1, 3] });
  assert.deepEqual([said.charts, said.shown, said.warned], [{}, {}, []]);
});

/** A plateau after two measurements without progress, at 8 px of a run to 16 px. */
function plateauIn(values: Record<string, unknown>, phase = {}) {
  const run = { startResolution: 8, resolution: 16, metricsEvery: 1, plateauPatience: 2 };
  const facts = { phase: { index: 0, resolution: 8, kind: "stabilize" as const, ...phase } };
  const { context, ...rest } = testContext(plateau, { ...run, ...values }, facts);
  const measured = (...all: number[]) => {
    for (const swd of all) plateau.hooks.measured!(context, { "metric/swd": swd });
    return plateau.hooks.advance!(context);
  };
  return { measured, ...rest };
}

Deno.test("plateau measures no fade, and no phase by the one before", () => {
  const { measured, facts, said } = plateauIn({}, { kind: "fade" });
  assert.equal(measured(90, 90, 90, 90), false);
  facts.phase = { ...facts.phase, index: 1, kind: "stabilize" };
  assert.equal(measured(90, 90), false, "the first is its best, and one was no better");
  assert.deepEqual(said.logged, []);
  for (let i = 0; i < 2; i++) {
    assert.equal(measured(90), true);
    assert.equal(said.logged.length, 1, "told once");
  }
  facts.phase = { ...facts.phase, index: 2 };
  assert.equal(measured(), false);
});

Deno.test("plateau ends the last resolution where it is told to", () => {
  for (const plateauLast of [false, true]) {
    const { measured } = plateauIn({ plateauLast }, { resolution: 16 });
    assert.equal(measured(90, 90, 90), plateauLast);
  }
});
