import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "../backend/mod.ts";
import type { Dataset } from "../data.ts";
import type { RunEvent } from "../events.ts";
import { asPlugin, createWorkbench } from "../testing/workbench.ts";
import { tinyModel } from "../testing/tiny_model.ts";
import { createGrowthGuard, planGrowth } from "./growth_guard.ts";
import { memoryNeed, stepBytes } from "./rehearsal.ts";
import { optionsOf } from "../trainer/training_state.ts";
import { takeSnapshot } from "../trainer/snapshot.ts";

const bench = createWorkbench(asPlugin(tinyModel), { values: { batch: 8 } });
const batch = (resolution: number) => (size: number) =>
  Promise.resolve(bench.batch(resolution, size, 1));

Deno.test(
  "memoryNeed() predicts larger steps from small ones, and leaves the training as it " +
    "was",
  async () => {
    for (const name of ["cpu", "wasm"] as const) {
      const training = bench.training(await selectBackend({ name }));
      const before = [tf.memory().numTensors, await takeSnapshot(training, {})];
      const phase = bench.phases.at(-1)!; // a schedule has phases
      const predicted = await memoryNeed(optionsOf(training), phase, batch(phase.resolution));
      // With a batch of 32 the small steps are 2 and 4; with one of 3 they are 1 and 2: both lines
      // must agree.
      const other = await memoryNeed(
        optionsOf(training),
        { ...phase, batchSize: 3 },
        batch(phase.resolution),
      );
      assert.ok(predicted(32) > 4 * predicted(4), "activations grow with the samples");
      assert.ok(Math.abs(predicted(32) / other(32) - 1) < 0.05, `${predicted(32)} ${other(32)}`);
      assert.deepEqual([tf.memory().numTensors, await takeSnapshot(training, {})], before);
      training.dispose();
    }
  },
);

Deno.test("memoryNeed() is what a step of the size takes", async () => {
  const training = bench.training(await selectBackend({ name: "cpu" }));
  const phase = { ...bench.phases.at(-1)!, batchSize: 64 }; // a schedule has phases
  const predicted = await memoryNeed(optionsOf(training), phase, batch(phase.resolution));
  const measured = await stepBytes(
    optionsOf(training),
    phase,
    bench.batch(phase.resolution, 32, 1),
    32,
  );
  assert.ok(Math.abs(predicted(32) / measured - 1) < 0.05, `${predicted(32)} ${measured}`);
  training.dispose();
});

Deno.test("planGrowth() takes the fewest parts that fit", () => {
  const need = (size: number) => 100 + 10 * size; // bytes
  const plan = (available: number, parts = 1) =>
    planGrowth({ need, present: 50, available, batchSize: 8, parts });
  const close = (a: number, b: number) => assert.ok(Math.abs(a - b) < 1e-9, `${a} ${b}`);
  const whole = plan(143.1);
  close(whole.bytes, 130 * 1.1);
  assert.deepEqual([whole.parts, whole.fits, whole.wholeBytes], [1, true, whole.bytes]);
  const cut = plan(142.9);
  close(cut.bytes, 90 * 1.1);
  assert.deepEqual([cut.parts, cut.fits, cut.wholeBytes], [2, true, whole.bytes]);
  assert.equal(plan(67).parts, 8);
  assert.equal(plan(1000, 4).parts, 4); // cut before: it stays so
  const none = plan(65);
  close(none.bytes, 60 * 1.1);
  assert.deepEqual([none.parts, none.fits], [8, false]);
});

async function lived(availableMemory?: () => number) {
  const training = bench.training(await selectBackend({ name: "wasm" }));
  const events = await bench.live(training, availableMemory ? { availableMemory } : {});
  const weights = await takeSnapshot(training, {});
  const { parts } = training.counters;
  training.dispose();
  return { events, weights, parts };
}

const linesOf = (events: RunEvent[]) =>
  events.flatMap((e) => e.type === "log" && /memory/.test(e.line.message) ? [e.line] : []);

Deno.test(
  "a run with room for growth says what each resolution takes, and is the same to the " +
    "bit",
  async () => {
    const plain = await lived(), roomy = await lived(() => 1e12);
    assert.deepEqual(roomy.weights, plain.weights);
    assert.deepEqual(linesOf(plain.events), []);
    const lines = linesOf(roomy.events);
    assert.deepEqual(lines.map(({ level }) => level), ["info", "info", "info"]);
    [4, 8, 16].forEach((px, i) =>
      assert.match( // WebAssembly can use at most 4 GiB of the system's memory
        lines[i]!.message, // three, as above
        new RegExp(
          `^${px} px in batches of 8 takes about \\d+ (kB|MB) more memory of 4\\.3 GB free\\.$`,
        ),
      )
    );
  },
);

/** A guard of a training with other losses. */
async function guarding(losses: (typeof bench.plugin.hooks)["losses"] & object) {
  const other = { ...bench.plugin, hooks: { ...bench.plugin.hooks, losses } };
  const training = bench.training(await selectBackend({ name: "cpu" }), { replaced: other });
  const loader = (size: number) => ({ next: () => batch(4)(size), close() {} });
  const dataset = {
    open: ({ batchSize }: { batchSize: number }) => loader(batchSize),
  } as unknown as Dataset; // all that the guard asks for
  return { training, guard: createGrowthGuard(training, dataset, () => 1e12) };
}

Deno.test(
  "losses that a plugin refuses are an error, not memory that was not " +
    "predicted",
  async () => {
    const { training, guard } = await guarding(() => {
      throw new RangeError("no such loss");
    });
    await assert.rejects(guard.look(bench.phases[0]!), /failed in hook "losses".*no such loss/);
    assert.deepEqual(training.outbox.take().lines, []);
    training.dispose();
  },
);

Deno.test(
  "losses that refuse few samples are logged, for the phase's own batches are " +
    "larger",
  async () => {
    const { training, guard } = await guarding((context) =>
      bench.plugin.hooks.losses!(context).map((term) => ({
        ...term,
        value(step) {
          if (step.size < 4) throw new RangeError(`expected 4 or more, received ${step.size}`);
          return term.value(step);
        },
      }))
    );
    assert.equal(await guard.look(bench.phases[0]!), true);
    const [line] = training.outbox.take().lines;
    assert.match(
      line!.message,
      /^4 px: .* not be predicted: a step of 2 samples failed: .*received 2/,
    );
    training.dispose();
  },
);

Deno.test("an op that fails with few samples is logged by its own reason", async () => {
  const { training, guard } = await guarding((context) =>
    bench.plugin.hooks.losses!(context).map((term) => ({
      ...term,
      value(step) {
        tf.gather(tf.range(0, step.size), tf.tensor1d([7], "int32"));
        return term.value(step);
      },
    }))
  );
  assert.equal(await guard.look(bench.phases[0]!), true);
  await new Promise((resolve) => setTimeout(resolve)); // lets unhandled rejections surface
  const [line] = training.outbox.take().lines;
  assert.match(line!.message, /a step of 2 samples failed: .*index value 7 is not in \[0, 1\]/);
  assert.equal(Object.hasOwn(tf.backend(), "time"), false);
  training.dispose();
});

Deno.test("a resolution that comes early, since a plugin cut the one before, is looked at", async () => {
  const training = bench.training(await selectBackend({ name: "cpu" }));
  training.counters.imagesSeen = 1;
  training.cutPhase();
  const next = training.phases.find(({ resolution }) => resolution === 8)!; // one of the bench's
  assert.ok(next.start < bench.phases[next.index]!.start);
  const loader = (size: number) => ({ next: () => batch(8)(size), close() {} });
  const dataset = {
    open: ({ batchSize }: { batchSize: number }) => loader(batchSize),
  } as unknown as Dataset; // all that the guard asks for
  assert.equal(await createGrowthGuard(training, dataset, () => 1e12).look(next), true);
  const [line] = training.outbox.take().lines;
  assert.match(line!.message, /^8 px in batches of 8 takes about/);
  training.dispose();
});

Deno.test("losses that find no memory are a warning, and the phase is tried", async () => {
  const { training, guard } = await guarding(() => {
    throw new RangeError("Array buffer allocation failed");
  });
  assert.equal(await guard.look(bench.phases[0]!), false);
  const [warning] = training.outbox.take().lines;
  assert.match(warning!.message, /4 px may not fit into memory: .*allocation failed/);
  training.dispose();
});

Deno.test(
  "a resolution that would not fit is trained in parts from its first step, with " +
    "advice",
  async () => {
    const training = bench.training(await selectBackend({ name: "wasm" }));
    const needs = [];
    for (const r of [8, 16]) {
      const phase = bench.phases.find((p) => p.resolution === r)!; // one of the bench's
      needs.push(await memoryNeed(optionsOf(training), phase, batch(r)));
    }
    training.dispose();
    const [small, large] = needs as [typeof needs[0], typeof needs[0]];
    const enough = 1.1 * (large!(4) - small!(8)); // for halves at 16 px
    const { events, parts } = await lived(() => Math.max(enough, 1.1 * small!(8)));
    assert.equal(parts, 2);
    const warned = linesOf(events).filter(({ level }) => level === "warning");
    assert.equal(warned.length, 1);
    assert.match(
      warned[0]!.message,
      /^16 px in batches of 8 .* as 2 parts of 4 from now on.*--sched/,
    ); // one
    assert.equal(warned[0]!.code, "memory-16");
    const told = events.findIndex((e) => e.type === "log" && e.line === warned[0]);
    const grown = events.findIndex((e) => e.type === "phase" && e.position.phase.resolution === 16);
    assert.ok(told < grown, "said before the networks grow");
  },
);

Deno.test(
  "a resolution of which not even single samples fit is saved before, and " +
    "tried",
  async () => {
    const { events, parts } = await lived(() => 0);
    assert.equal(parts, 8);
    const first = events.findIndex((e) =>
      e.type === "log" && /^8 px may not fit/.test(e.line.message)
    );
    const saved = events.findIndex((e) => e.type === "checkpoint"); // of the end of 4 px
    const grown = events.findIndex((e) => e.type === "phase" && e.position.phase.resolution === 8);
    assert.ok(saved >= 0 && saved < first && first < grown, `${first} ${saved} ${grown}`);
    assert.equal(events.at(-1)?.type, "end");
  },
);
