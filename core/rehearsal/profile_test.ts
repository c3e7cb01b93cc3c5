import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { type ExecutedOp, selectBackend } from "../backend/mod.ts";
import { object } from "../config/mod.ts";
import { createParameters, normal } from "../layers/mod.ts";
import { definePlugin } from "../plugin/mod.ts";
import { seedFor } from "../random.ts";
import type { Phase } from "../schedule.ts";
import { asPlugin, createWorkbench } from "../testing/workbench.ts";
import { tinyModel } from "../testing/tiny_model.ts";
import { chromeTrace, slowestOps, type TraceEvent } from "./chrome_trace.ts";
import { createNetworkStep } from "../trainer/step/network_step.ts";
import { profileSteps } from "./profile.ts";
import { optionsOf, type TrainingState } from "../trainer/training_state.ts";
import { tensorsOf } from "../trainer/phase_loop.ts";

const bench = createWorkbench(asPlugin(tinyModel), {});

Deno.test("a watched recording tells each op once, in order, with its shapes", async () => {
  const backend = await selectBackend({ name: "tensorflow" });
  const told: ExecutedOp[] = [];
  const x = tf.ones([2, 3]), inputs = { x };
  const fn = () =>
    backend.compile("watched", ({ x }) => ({ y: tf.relu(tf.matMul(x!, x!, true)) }), {
      verify: false,
    });
  const watched = fn(), unwatched = fn();
  backend.watchRecording!((op) => void told.push(op)); // TensorFlow's has it
  const before = performance.now();
  tf.dispose(await watched.run(inputs, seedFor(1, "test")));
  const after = performance.now();
  tf.dispose(await watched.run(inputs, seedFor(1, "test"))); // a replay executes nothing by itself
  tf.dispose(tf.square(x)); // no part of a recording
  backend.watchRecording!();
  tf.dispose(await unwatched.run(inputs, seedFor(1, "test")));
  assert.deepEqual(
    told.map(({ op, inputs, outputs }) => ({ op, inputs, outputs })).filter(({ op }) =>
      /Mat|Relu/.test(op)
    ),
    [
      { op: "BatchMatMulV2", inputs: [[2, 3], [2, 3]], outputs: [[3, 3]] },
      { op: "Relu", inputs: [[3, 3]], outputs: [[3, 3]] },
    ],
  );
  assert.ok(told.every(({ op }) => op !== "Square"));
  for (const { startedAt, milliseconds } of told) {
    assert.ok(milliseconds >= 0 && startedAt >= before && startedAt + milliseconds <= after);
  }
  watched.dispose();
  unwatched.dispose();
  x.dispose();
});

Deno.test(
  "profileSteps() tells the ops of each kind of step, and its trace agrees with " +
    "it",
  async () => {
    const backend = await selectBackend({ name: "tensorflow" });
    const training = bench.training(backend), options = optionsOf(training);
    training.dispose();
    const tensors = tf.memory().numTensors;
    const phase = bench.phases.at(-1)!; // a schedule has phases
    const batch = bench.batch(phase.resolution, phase.batchSize, 1);
    const profiles = await profileSteps(options, phase, batch);
    assert.equal(tf.memory().numTensors, tensors);
    assert.deepEqual(profiles.map(({ name }) => name), [
      "discriminator:adversarial_d+r1",
      "discriminator:adversarial_d",
      "generator:adversarial_g",
    ]);
    const count = (i: number, op: string) => profiles[i]!.ops.filter((o) => o.op === op).length;
    assert.ok(count(0, "Conv2D") > count(1, "Conv2D"), "R1 convolves once more");
    assert.ok(count(2, "Conv2D") >= 3 && count(2, "Conv2DBackpropFilter") >= 2);
    const nodes = await recordedNodes(bench.training(backend), phase); // without what nothing needs
    const { length } = profiles[1]!.ops; // three, as above
    assert.ok(length >= nodes && length < 1.5 * nodes, `${length} ${nodes}`);

    const trace = JSON.parse(JSON.stringify(chromeTrace(profiles, { step: "16 px" })));
    const events = (trace.traceEvents as TraceEvent[]).filter((e) => e.ph === "X");
    profiles.forEach(({ ops, replays }, i) => {
      const own = events.filter((e) => e.pid === 1 && e.tid === i + 1);
      assert.deepEqual(own.map(({ name }) => name), ops.map(({ op }) => op));
      own.slice(1).forEach((e, k) => {
        // the one before
        assert.ok(e.ts + 0.01 >= own[k]!.ts + own[k]!.dur, "ops run one after another");
      });
      const whole = events.filter((e) => e.pid === 2 && e.tid === i + 1);
      assert.deepEqual(whole.map(({ dur }) => dur), replays.map((r) => r.milliseconds * 1000));
      for (const { args, dur } of whole) {
        const inside = args.libraryMilliseconds as number; // as chromeTrace() writes it
        assert.ok(inside > 0 && inside * 1000 <= dur);
      }
    });
    assert.equal(Math.min(...events.map(({ ts }) => ts)), 0);
    assert.match(trace.otherData.note, /each op was timed by itself/);
  },
);

Deno.test("profileSteps() leaves out a network without weights", async () => {
  const pixels = definePlugin({
    name: "pixels",
    description: "",
    kind: "model",
    config: object({}),
    build() {
      const generator = createParameters("generator", 1);
      const weight = generator.variable("w", [3], normal());
      return { generator, discriminator: createParameters("discriminator", 2), weight };
    },
    hooks: {
      grow: () => {},
      stabilize: () => {},
      losses: ({ model }) => [{
        name: "pixel",
        of: "generator",
        value: ({ tensors }) =>
          tf.mean(tf.square(tf.sub(tensors.images! as tf.Tensor4D, model.weight))),
      }],
    },
  });
  const small = createWorkbench(asPlugin(pixels), { values: { resolution: 4 } });
  const training = small.training(await selectBackend({ name: "tensorflow" }));
  const phase = training.phases.at(-1)!; // a schedule has phases
  const batch = small.batch(phase.resolution, phase.batchSize, 1);
  const profiles = await profileSteps(optionsOf(training), phase, batch);
  assert.deepEqual(profiles.map(({ name }) => name), ["generator:pixel"]);
  assert.ok(profiles[0]!.ops.length > 0);
  training.dispose();
});

Deno.test("profileSteps() needs a backend that records", async () => {
  const training = bench.training(await selectBackend({ name: "cpu" }));
  const phase = bench.phases[0]!; // a schedule has phases
  await assert.rejects(
    profileSteps(optionsOf(training), phase, bench.batch(4, 4, 1)),
    /expected the TensorFlow backend, received cpu/,
  );
  training.dispose();
});

Deno.test("slowestOps() sums ops of one kind and of the same shapes", () => {
  const op = (op: string, milliseconds: number, side = 2): ExecutedOp => ({
    ...{ op, milliseconds, startedAt: 0 },
    inputs: [[side, side], [side]],
    outputs: [[side]],
  });
  assert.deepEqual(slowestOps([op("Mul", 1), op("Add", 2), op("Mul", 4), op("Mul", 3, 4)]), [
    { op: "Mul", shapes: "[2,2] [2] → [2]", count: 2, milliseconds: 5 },
    { op: "Mul", shapes: "[4,4] [4] → [4]", count: 1, milliseconds: 3 },
    { op: "Add", shapes: "[2,2] [2] → [2]", count: 1, milliseconds: 2 },
  ]);
});

/** Nodes of the discriminator's recorded step without lazy terms. */
async function recordedNodes(training: TrainingState, phase: Phase): Promise<number> {
  training.counters.imagesSeen = phase.start;
  training.enterPhase();
  training.counters.discriminator = 1;
  const recorded: number[] = [];
  const step = createNetworkStep(training, {
    network: "discriminator",
    terms: training.driver.losses(),
    onRecorded: (_, { nodes }) => void recorded.push(nodes),
  });
  const tensors = tensorsOf(bench.batch(phase.resolution, phase.batchSize, 1));
  await step.run(tensors);
  tf.dispose(tensors);
  step.dispose();
  training.dispose();
  assert.equal(recorded.length, 1);
  return recorded[0]!; // one
}
