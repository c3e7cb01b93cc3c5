import assert from "node:assert/strict";
import { selectBackend } from "../backend/mod.ts";
import { object } from "../config/mod.ts";
import { createParameters, normal } from "../layers/mod.ts";
import { definePlugin } from "../plugin/mod.ts";
import { restoreSnapshot, takeSnapshot, withoutTrace } from "./snapshot.ts";
import { trainingOf } from "./test_training.ts";

const backend = await selectBackend({ name: "cpu" });

/** A training at 4, 8 and 16 px that records calls of its hooks; `sched` as for `--sched`. */
function recordedSession(sched: string[]) {
  const told: string[] = [];
  const model = definePlugin({
    name: "recorder",
    description: "",
    kind: "model",
    config: object({}),
    state: () => ({ grids: 0 }),
    build() {
      const generator = createParameters("generator", 1);
      const discriminator = createParameters("discriminator", 2);
      generator.variable("w", [1], normal());
      discriminator.variable("w", [1], normal());
      return { generator, discriminator };
    },
    hooks: {
      grow: ({ phase }, resolution) => void told.push(`grow ${resolution}, ${phase.kind}`),
      stabilize: ({ phase }) => void told.push(`stabilize ${phase.resolution}`),
      losses: () => [],
      sampled: ({ state }) => void state.grids++,
      step() {
        throw new Error("broken");
      },
    },
  });
  // its hooks take its own options
  const training = trainingOf(backend, model as never, { resolution: 16, batch: 10, sched });
  const goTo = (imagesSeen: number) => {
    training.counters.imagesSeen = imagesSeen;
    training.enterPhase();
  };
  return { training, told, goTo };
}

const SCHEDULE = ["4:10::0:100", "8:10::100:100", "16:10::100:100"];

Deno.test("networksAt() stays in a phase until the next is entered, fully faded in", () => {
  const { training, goTo } = recordedSession(SCHEDULE);
  const at = () => {
    const { phase: { resolution, kind }, alpha } = training.networksAt();
    return [resolution, kind, alpha];
  };
  goTo(150);
  assert.deepEqual(at(), [8, "fade", 0.5]);
  training.counters.imagesSeen = 200;
  assert.deepEqual(at(), [8, "fade", 1]);
  assert.equal(training.position().phase.kind, "stabilize");
  training.enterPhase();
  training.counters.imagesSeen = 300;
  assert.deepEqual(at(), [8, "stabilize", 1]);
  training.enterPhase();
  assert.deepEqual(at(), [16, "fade", 0]);
  training.dispose();
});

Deno.test("cutPhase() ends the phase that was entered, and at its end nothing of the next", () => {
  const { training, goTo } = recordedSession(SCHEDULE);
  const spans = () => training.phases.map((p) => `${p.resolution} ${p.kind} ${p.start}-${p.end}`);
  const before = spans();
  training.counters.imagesSeen = 100; // the end of the first phase
  training.cutPhase();
  assert.deepEqual(spans(), before);
  goTo(100);
  training.counters.imagesSeen = 130;
  training.cutPhase();
  assert.deepEqual(spans(), [
    "4 stabilize 0-100",
    "8 fade 100-130",
    "8 stabilize 130-230",
    "16 fade 230-330",
    "16 stabilize 330-430",
  ]);
  training.dispose();
});

Deno.test("a resolution that only fades in is stabilized before the next one grows", () => {
  const { training, told, goTo } = recordedSession([
    "4:10::0:100",
    "8:10::100:0",
    "16:10::100:100",
  ]);
  goTo(350);
  assert.deepEqual(told, ["grow 8, fade", "stabilize 8", "grow 16, fade", "stabilize 16"]);
  training.dispose();
});

Deno.test("a hook that was muted stays muted in a restored training", async () => {
  const first = recordedSession(SCHEDULE).training;
  first.driver.step({});
  assert.equal(first.outbox.take().lines.length, 1); // the warning that it is muted
  const snapshot = await takeSnapshot(first, {});
  assert.deepEqual(snapshot.state.muted, ["recorder/step"]);
  const second = recordedSession(SCHEDULE).training;
  restoreSnapshot(second, snapshot);
  second.driver.step({});
  assert.deepEqual(second.outbox.take().lines, []);
  [first, second].forEach((training) => training.dispose());
});

Deno.test("withoutTrace() calls hooks and leaves plugins' states as they were", async () => {
  const { training } = recordedSession(SCHEDULE);
  const { state } = training.plugins.model.context;
  const grid = { data: new Float32Array(1), shape: [1, 1, 1, 1] };
  training.driver.sampled(grid);
  await withoutTrace(training, () => {
    training.driver.sampled(grid);
    assert.deepEqual(state, { grids: 2 });
    return Promise.resolve();
  });
  assert.deepEqual(state, { grids: 1 });
  training.dispose();
});

Deno.test("a hook can change neither the schedule nor what its run is made of", () => {
  const { training } = recordedSession(["4:8", "8:8"]);
  const { context } = training.plugins.model;
  const odd = context as unknown as Record<string, Record<string, unknown>>; // past the checker
  for (const [part, key] of [["phase", "end"], ["run", "batch"], ["config", "width"]] as const) {
    assert.throws(() => odd[part]![key] = 99_999, /read only|not extensible/);
  }
  training.cutPhase();
  assert.throws(() => odd.phase!.end = 99_999, /read only/);
  training.dispose();
});
