import assert from "node:assert/strict";
import { join } from "node:path";
import tiny from "../../../tests/faults/tiny_gan.ts";
import { withTinyData } from "../../../tests/faults/tiny_run.ts";
import { ConfigError } from "../../config/mod.ts";
import { phasesOf } from "../../schedule.ts";
import { keptNotices } from "../notices.ts";
import { chooseRun } from "../places.ts";
import { loadPlugins } from "../plugins/load_plugins.ts";
import { newSpec, resumedSpec } from "../spec/new_spec.ts";
import type { RunSpec } from "../spec/run_spec.ts";
import { readSavedRun } from "../spec/saved_run.ts";
import { planOf } from "../../config/mod.ts";
import { beginRun } from "./begin_run.ts";
import { type ContinueOptions, continueRun } from "./continue_run.ts";
import { type MeasureRun, planRun } from "./plan_run.ts";
import { prepareRun } from "./prepare_run.ts";
import { createTrainingRun } from "./training_run.ts";

/** Pretends that every image takes a second. */
const measure: MeasureRun = (_, phases) =>
  Promise.resolve(phases.map((phase) => ({
    phase,
    parameters: { generator: 1, discriminator: 1 },
    imagesPerSecond: 1,
    recordSeconds: 0,
    memoryBytes: 0,
    seconds: 0,
  })));

/**
 * Options of a run whose unplanned schedule has 8 images at 4 px and a fade of 8 images to 8 px.
 */
const values = {
  resolution: 8,
  sched: ["4:4::0:16", "8:4::16:16"],
  previewCount: 4,
  checkpointEvery: 16,
  statsEvery: 8,
  penaltyEvery: 2,
};

async function prepared(folder: string, spec: (loaded: Loaded) => RunSpec) {
  const loaded = await loadPlugins([tiny]);
  const notices = keptNotices();
  return await prepareRun({
    spec: spec(loaded),
    loaded,
    machine: {},
    cache: join(folder, "cache"),
    notices,
  });
}
type Loaded = Awaited<ReturnType<typeof loadPlugins>>;

/** Starts a new run, from a budget or a specification. */
async function begin(folder: string, runs: string, how: { minutes: number } | { spec: RunSpec }) {
  const data = { source: join(folder, "data"), heldOut: 0 };
  const request = { values: {}, data, machine: { backend: "wasm" as const } };
  // the command line refuses lengths together with a budget
  const file = { from: "a file", values };
  const own = await prepared(
    folder,
    (loaded) =>
      "spec" in how ? how.spec : newSpec(loaded, { ...request, minutes: how.minutes }, { file }),
  );
  const { minutes } = { minutes: 0, ...how };
  const plan = "spec" in how ? own : (await planRun(own, { minutes, measure })).prepared;
  const places = { runs: join(folder, runs), kv: join(folder, "kv") };
  return createTrainingRun(await beginRun(plan, { ...places, name: undefined }), places);
}

/** Resumes the newest run of a folder. */
async function goOn(folder: string, runs: string, options: ContinueOptions = {}) {
  const places = { runs: join(folder, runs), kv: join(folder, "kv") };
  const at = await chooseRun(places, undefined), saved = await readSavedRun(at, "resume");
  const request = { values: {}, data: {}, machine: {}, minutes: options.budget?.minutes };
  const own = await prepared(
    folder,
    (loaded) => resumedSpec(loaded, saved, request, options.force),
  );
  return createTrainingRun(await continueRun(own, at, options), places);
}

function stopsAt(images: number) {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    observers: [{
      name: "The test",
      on(event: { type: string; imagesSeen?: number }) {
        if (event.type === "tick" && event.imagesSeen! >= images) {
          controller.abort(new Error("enough"));
        }
      },
    }],
  };
}

const savedIn = async (folder: string, runs: string) =>
  await readSavedRun(await chooseRun({ runs: join(folder, runs) }, undefined));

Deno.test(
  "a run of a budget ends at its plan; stopped and resumed it has the bits of an " +
    "unbroken one",
  () =>
    withTinyData(async (folder) => {
      {
        using run = await begin(folder, "runs", { minutes: 2 });
        assert.equal((await run.train(stopsAt(40))).status, "stopped");
      }
      const saved = await savedIn(folder, "runs");
      // 114 s: 16 at 4 px, 40 % at most below; a fade of 16, which takes a tenth more time if not
      // measured
      assert.match(saved.run.sched.join(), /^4:4:0.0015:0:16,8:4:0.0015:16:\d+$/);
      const end = phasesOf(planOf(saved.run)).at(-1)!.end;
      assert.ok(end > 100 && end <= 114, `${end}`);
      assert.deepEqual([saved.run.finalRate, saved.run.decayPeriods], [0.1, []]);
      assert.ok(saved.run.emaImages < (end - 32) / 7);
      assert.deepEqual([saved.plan?.minutes, saved.plan?.from, saved.plan?.rule.sched], [2, 0, [
        "4:4::0:16",
        "8:4::16:16",
      ]]);
      using resumed = await goOn(folder, "runs");
      const { status, imagesSeen, digest } = await resumed.train();
      assert.deepEqual([status, imagesSeen], ["finished", end]);
      using whole = await begin(folder, "whole", { spec: saved });
      assert.equal((await whole.train()).digest, digest);
    }),
);

Deno.test(
  "a plan of what is ahead is kept from when it is made, also where nothing was " +
    "trained by it",
  () =>
    withTinyData(async (folder) => {
      {
        using run = await begin(folder, "runs", { minutes: 1 });
        assert.equal((await run.train()).status, "finished");
      }
      const first = await savedIn(folder, "runs"), end = phasesOf(planOf(first.run)).at(-1)!.end;
      const budget = { minutes: 1, measure };
      { // planned, but stopped before its first step
        using run = await goOn(folder, "runs", { budget });
        assert.equal(run.imagesSeen, end);
      }
      const { run, plan } = await savedIn(folder, "runs"), last = phasesOf(planOf(run)).at(-1)!.end;
      assert.ok(last > end + 40 && last <= end + 57, `${last} after ${end}`);
      assert.deepEqual(run.decayPeriods, [`0:${end}`, `${end}:${last}`]);
      assert.deepEqual([plan?.from, plan?.rule], [end, first.plan?.rule]);
      using later = await goOn(folder, "runs");
      assert.equal(later.training.phases.at(-1)!.end, last);
      const { status, imagesSeen } = await later.train();
      assert.deepEqual([status, imagesSeen], ["finished", last]);
      assert.deepEqual(later.notices.warnings, []);
      const log = await Deno.readTextFile(join(later.folder, "log.txt"));
      assert.match(log, /Plan of 1 minute: 4 px 16, 8 px /);
    }),
);

Deno.test("a budget that is too short tells how many minutes suffice", () =>
  withTinyData(async (folder) => {
    let least = "";
    await assert.rejects(begin(folder, "runs", { minutes: 0.01 }), (error: Error) => {
      assert.equal(error.name, "RunError");
      const [, seconds, minutes] =
        /at least (\S+) for a step of 4 images at 4 px .* Give at least (\S+) minutes$/
          .exec(error.message) ?? [];
      assert.equal(seconds, "4"); // an image a second
      least = minutes!;
      return true;
    });
    using run = await begin(folder, "runs", { minutes: Number(least) });
    assert.equal((await run.train()).status, "finished");
  }));

Deno.test("a run whose schedule was given is planned from a budget by force alone", () =>
  withTinyData(async (folder) => {
    const loaded = await loadPlugins([tiny]);
    const data = { source: join(folder, "data"), heldOut: 0 };
    const spec = newSpec(loaded, { values, data, machine: { backend: "wasm" } });
    {
      using run = await begin(folder, "runs", { spec });
      await run.train();
    }
    const budget = { minutes: 1, measure };
    await assert.rejects(goOn(folder, "runs", { budget }), (error) => {
      assert.ok(error instanceof ConfigError);
      assert.match(error.message, /--stop-after 1m stops .*--force plans/);
      return true;
    });
    using run = await goOn(folder, "runs", { budget, force: true });
    assert.ok(run.training.phases.at(-1)!.end > 48 + 40);
    assert.equal((await run.train()).status, "finished");
  }));

for (
  const [name, more, expected] of [
    ["images", { images: 2000 }, /Cannot use --images 2000 beside --minutes 5/],
    ["epochs", { epochs: 3 }, /Cannot use --epochs 3 beside --minutes 5/],
    ["the length of fades", { fadeImages: 500 }, /--fade-images 500 beside --minutes 5/],
    ["lengths in the schedule", { sched: ["8:4::16"] }, /--sched 8:4::16 beside .*64:16:0.004/],
  ] as const
) {
  Deno.test(`a budget beside ${name} is refused`, async () => {
    const loaded = await loadPlugins([tiny]);
    assert.throws(
      () =>
        newSpec(loaded, { values: { resolution: 8, ...more }, data: {}, machine: {}, minutes: 5 }),
      (error) => error instanceof ConfigError && expected.test(error.message),
    );
  });
}

Deno.test(
  "a budget goes with batches and rates of a schedule; one that is no time is " +
    "refused",
  async () => {
    const loaded = await loadPlugins([tiny]);
    const spec = (minutes: number) =>
      newSpec(loaded, {
        values: { resolution: 8, sched: ["8:4:0.002"] },
        data: {},
        machine: {},
        minutes,
      });
    assert.deepEqual(spec(5).run.sched, ["8:4:0.002"]);
    for (const minutes of [0, -1, NaN, Infinity]) assert.throws(() => spec(minutes), ConfigError);
  },
);
