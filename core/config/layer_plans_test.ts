import assert from "node:assert/strict";
import {
  checkUsed,
  COMMAND_LINE,
  type ConfigLayer,
  planOf,
  resolveConfig,
  type RunConfig,
  runSchema,
} from "./mod.ts";

const PRESET = {
  from: "preset small",
  values: { resolution: 16, sched: ["4:16:0.005::6k", "8:16:0.005:8k:16k", "16:16:0.005:15k:55k"] },
};

/** "8:16:0.005:8000:16000" for each resolution of the run that the layers give. */
function planned(...values: Record<string, unknown>[]): string[] {
  return plannedOf(...values.map((values) => ({ from: COMMAND_LINE, values })));
}

function plannedOf(...layers: ConfigLayer[]): string[] {
  const [run] = resolveConfig([runSchema], [PRESET, ...layers]);
  return planOf(run as unknown as RunConfig, 100).map((p) =>
    // the first schema is runSchema
    [p.resolution, p.batchSize, p.learningRate, p.fadeImages, p.stabilizeImages].join(":")
  );
}

Deno.test(
  "an entry of --sched changes its own parts of a preset's schedule, and nothing " +
    "else",
  () => {
    assert.deepEqual(planned({ sched: ["16:8"] }), [
      "4:16:0.005:0:6000",
      "8:16:0.005:8000:16000",
      "16:8:0.005:15000:55000",
    ]);
    assert.deepEqual(
      planned({ sched: ["8:4:0.001"] }, { sched: ["8:::1k"] }).at(1),
      "8:4:0.001:1000:16000",
    );
  },
);

Deno.test("an option for all resolutions replaces what a preset's schedule says of it", () => {
  const parts = (index: number, ...values: Record<string, unknown>[]) =>
    planned(...values).map((line) => line.split(":")[index]);
  assert.deepEqual(parts(1, { batch: 8 }), ["8", "8", "8"]);
  assert.deepEqual(parts(2, { learningRate: 0.002 }), ["0.002", "0.002", "0.002"]);
  assert.deepEqual(parts(3, { fadeImages: 7 }), ["0", "7", "7"]);
  assert.deepEqual(parts(4, { stabilizeImages: 9 }), ["9", "9", "9"]);
  assert.deepEqual([parts(3, { epochs: 2 }), parts(4, { epochs: 2 })], [
    ["0", "200", "200"],
    ["200", "200", "200"],
  ]);
  // in the same layer, an entry is more specific
  assert.deepEqual(parts(1, { batch: 8, sched: ["8:4"] }), ["8", "4", "8"]);
  // later layers win
  assert.deepEqual(parts(1, { sched: ["8:4"] }, { batch: 8 }), ["8", "8", "8"]);
});

Deno.test("a resolved run, given again as a whole, plans the same", () => {
  const given = { batch: 2, sched: ["8:4"] };
  const [run] = resolveConfig([runSchema], [PRESET, { from: COMMAND_LINE, values: given }]);
  const again = { from: "config.json", values: { ...run } };
  assert.deepEqual(plannedOf(again), planned(given));
});

Deno.test(
  "a resolved run that counts epochs, given again as a whole, goes on counting " +
    "them",
  () => {
    const [run] = resolveConfig([runSchema], [PRESET, {
      from: COMMAND_LINE,
      values: { epochs: 3 },
    }]);
    for (const from of ["the saved run", "config.json"]) {
      const [again] = resolveConfig([runSchema], [PRESET, { from, values: { ...run } }]);
      assert.deepEqual(again, run);
    }
  },
);

Deno.test(
  "an entry twice, or images over epochs, is an error that names where it came " +
    "from",
  () => {
    assert.throws(
      () => planned({ sched: ["8:4", "8::0.1"] }),
      /--sched of the command line: expected one entry a resolution, received two for 8 px/,
    );
    assert.throws(
      () => planned({ epochs: 3 }, { fadeImages: 5 }),
      /--fade-images of the command line: .* received both: --epochs 3 .*Add --epochs 0/,
    );
    assert.throws(
      () => planned({}, { epochs: 3, stabilizeImages: 5 }),
      /--stabilize-images of .* received both: --epochs 3 .*Leave out --stabilize-images, or --epochs/,
    );
    assert.deepEqual(
      planned({ epochs: 3 }, { fadeImages: 5, epochs: 0 }).at(1),
      "8:16:0.005:5:100000",
    );
  },
);

Deno.test("checkUsed() refuses entries that a run would not use", () => {
  const run = { startResolution: 8, resolution: 64 };
  checkUsed(["8:4", "64::0.1:6k"], run);
  assert.throws(() => checkUsed(["128:4"], run), /a resolution of the run, 8 to 64, received 128/);
  assert.throws(() => checkUsed(["4:4"], run), /received 4\./);
  assert.throws(() => checkUsed(["8:4::5"], run), /no fade at 8 px, with which the run starts/);
});
