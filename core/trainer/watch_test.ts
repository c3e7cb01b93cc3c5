import assert from "node:assert/strict";
import type { HostBatch } from "../data.ts";
import { createRunWatch } from "./watch.ts";
import type { TrainingState } from "./training_state.ts";

/** The watch of a training at 16 px, with only what it reads. */
function watchAt(hooks?: object) {
  const model = {
    plugin: {
      hooks: hooks ?? {},
      watches: { sampleDiversity: ["mine/samples"], realDiversity: ["mine/reals"] },
    },
  };
  const norms = ["norms/generator", "norms/discriminator"];
  const addOn = { plugin: { hooks: {}, watches: { gradientNorm: norms } } };
  const training = {
    counters: { imagesSeen: 0 },
    plugins: { model, addOns: [addOn] },
    networksAt: () => ({ phase: { resolution: 16 } }),
  };
  return createRunWatch(training as unknown as TrainingState); // no other fields are read
}

/** Codes of the watch's warnings over several intervals. */
function codesOf(intervals: readonly Record<string, number>[]): (string | undefined)[] {
  const watch = watchAt();
  return intervals.flatMap((values) => watch.values(values).map(({ code }) => code));
}

const CALM = { "score/real": 0.8, "score/fake": -0.2, "term/r1": 0.1 };
const calm = Array.from({ length: 20 }, (_, i) => ({
  ...CALM,
  "norms/generator": 0.5 + 0.01 * (i % 3),
  "norms/discriminator": 1 + 0.01 * (i % 2),
}));

Deno.test("the watch over a run's own figures is silent while they stay as they are", () => {
  assert.deepEqual(codesOf([...calm, ...calm]), []);
});

Deno.test(
  "the watch knows lead, penalty and gradient norms by the names that steps report and " +
    "plugins declare",
  () => {
    const twice = (values: Record<string, number>) => [...calm, values, values, values];
    assert.deepEqual(codesOf(twice({ ...CALM, "score/real": 9 })), ["critic-runaway"]);
    assert.deepEqual(codesOf(twice({ ...CALM, "term/r1": 4 })), ["penalty-spike"]);
    for (const network of ["generator", "discriminator"]) {
      const spike = { ...CALM, [`norms/${network}`]: 30 };
      assert.deepEqual(codesOf(twice(spike)), ["gradient-spike"], network);
    }
  },
);

Deno.test("a grid of values that are no numbers is told, a plugin's own as well", () => {
  const shape = [4, 2, 2, 1], data = Float32Array.from({ length: 16 }, (_, i) => i / 16);
  [data[6], data[9]] = [NaN, -Infinity];
  for (const watch of [watchAt(), watchAt({ preview() {} })]) {
    const { values, lines } = watch.samples({ data, shape, columns: 2 }, {}, {});
    assert.deepEqual(values, {});
    assert.deepEqual(lines.map(({ level, code }) => [level, code]), [
      ["warning", "samples-not-finite"],
    ]);
    assert.match(lines[0]!.message, /^2 of 16 values of the sample grid .* the first in cell 1: /);
  }
});

Deno.test(
  "the watch compares a grid's diversity with that of as many reals, and warns with " +
    "advice",
  () => {
    const shape = [4, 2, 2, 1], watch = watchAt();
    const data = (scale: number) =>
      Float32Array.from({ length: 16 }, (_, i) => scale * Math.sin(i * i));
    const reals: HostBatch = { images: { data: data(1), shape } };
    const said = [];
    for (let i = 0; i < 30; i++) {
      const { values, lines } = watch.samples(
        { data: data(i < 10 ? 0.9 : 0.01), shape, columns: 2 },
        reals,
        {},
      );
      assert.ok(values["diversity"]! < values["diversity/reals"]!);
      said.push(...lines);
    }
    assert.equal(said.length, 1);
    assert.deepEqual([said[0]!.level, said[0]!.code], ["warning", "mode-collapse"]); // one
    assert.match(
      said[0]!.message,
      /Samples are nearly alike: .*\. Resume from an earlier checkpoint/,
    );
  },
);

Deno.test(
  "of a plugin with a grid of its own the watch takes the diversities that it declares " +
    "to chart",
  () => {
    const watch = watchAt({ preview() {} });
    const grid = { data: new Float32Array(4), shape: [4, 1, 1, 1], columns: 2 }; // all the same
    const said = (charts: Record<string, number>) =>
      Array.from({ length: 20 }, () => watch.samples(grid, {}, charts).lines).flat();
    assert.deepEqual(said({}), []);
    assert.deepEqual(said({ "mine/samples": 0.2, "mine/reals": 0.3 }), []);
    const [alike] = said({ "mine/samples": 0.02, "mine/reals": 0.3 });
    assert.equal(alike?.code, "mode-collapse");
  },
);
