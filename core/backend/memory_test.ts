import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { type Backend, selectBackend } from "./mod.ts";
import { object } from "../config/mod.ts";
import type { NamedTensors } from "./types.ts";
import { createParameters, normal } from "../layers/mod.ts";
import { definePlugin } from "../plugin/mod.ts";
import { seedFor } from "../random.ts";
import { createNetworkStep } from "../trainer/step/network_step.ts";
import { availableMemory, isOutOfMemory, partsOf } from "./memory.ts";
import type { TrainingState } from "../trainer/training_state.ts";
import { trainingOf } from "../trainer/test_training.ts";

/**
 * Linear networks whose loss is a mean over the batch; a step of more than `room` samples runs out
 * of memory.
 */
function linearSession(backend: Backend, room: number): TrainingState {
  const model = definePlugin({
    name: "linear",
    description: "",
    kind: "model",
    config: object({}),
    build() {
      const generator = createParameters("generator", 1);
      const discriminator = createParameters("discriminator", 2);
      generator.variable("w", [3, 1], normal());
      discriminator.variable("w", [3, 1], normal());
      return { generator, discriminator };
    },
    hooks: {
      grow() {},
      losses: ({ model }) => [{
        name: "square",
        of: "discriminator",
        value(step) {
          if (step.size > room) throw new Error("OOM when allocating tensor with shape[6,3]");
          assert.equal(step.tensors.images.shape[0], step.size);
          const [w] = model.discriminator.variables(); // build() makes one
          const y = tf.matMul(
            step.tensors.images as tf.Tensor as tf.Tensor2D,
            w!.variable as tf.Tensor2D,
          );
          step.report("mean", tf.mean(y));
          return tf.mean(tf.square(y));
        },
      }],
    },
  });
  return trainingOf(backend, model as never, {
    resolution: 4,
    batch: 6,
    optimizer: "rmsprop",
    beta2: 0.5,
  }); // its hooks take its own options
}

async function threeSteps(backend: Backend, room: number) {
  const training = linearSession(backend, room);
  const step = createNetworkStep(training, {
    network: "discriminator",
    terms: training.driver.losses(),
  });
  const values: Record<string, number>[] = [];
  for (let i = 0; i < 3; i++) {
    const rows = Array.from({ length: 18 }, (_, k) => Math.sin(k * k + i));
    const batch: NamedTensors = { images: tf.tensor2d(rows, [6, 3]) };
    values.push(await step.run(batch));
    tf.dispose(batch);
  }
  // build() makes one
  const weights = [...await training.model.discriminator.variables()[0]!.variable.data()];
  const said = training.outbox.take().lines.map(({ message }) => message);
  const { parts } = training.counters;
  step.dispose();
  training.dispose();
  return { values, weights, said, parts };
}

for (const name of ["cpu", "wasm", "tensorflow"] as const) {
  Deno.test(
    `on ${name} a step in parts is the step of the whole batch, and leaks ` +
      `nothing`,
    async () => {
      const backend = await selectBackend({ name });
      const whole = await threeSteps(backend, 6);
      assert.deepEqual([whole.parts, whole.said], [1, []]);
      const before = tf.memory().numTensors;
      const cut = await threeSteps(backend, 2); // 6 do not fit, 3 do not, 2 do
      assert.equal(tf.memory().numTensors, before);
      assert.equal(cut.parts, 6); // twice 2 is 4, and 6 is divided by 6 next
      assert.equal(cut.said.length, 2);
      assert.match(
        cut.said[0]!,
        /Out of memory at 4 px: each batch of 6 is computed as 2 parts of 3/,
      ); // two
      cut.weights.forEach((w, i) => assert.ok(Math.abs(w - whole.weights[i]!) < 1e-6, `${w}`));
      cut.values.forEach((step, i) => {
        for (const [name, value] of Object.entries(step)) {
          assert.ok(Math.abs(value - whole.values[i]![name]!) < 1e-5, name); // the same names
        }
      });
      await assert.rejects(threeSteps(backend, 0), /OOM when allocating/);
    },
  );
}

for (const name of ["cpu", "wasm", "tensorflow"] as const) {
  Deno.test(
    `${name} is asked for more memory than there is, isOutOfMemory() knows its answer, ` +
      `and it goes on`,
    async () => {
      const backend = await selectBackend({ name });
      const x = tf.ones([16, 8, 8]), inputs = { x }, seed = seedFor(1, "test");
      const before = tf.memory().numTensors;
      // 2^53 numbers
      const large = backend.compile(
        "large",
        ({ x }) => ({ y: tf.tile(x!, [2 ** 20, 2 ** 20, 8]) }),
      );
      await assert.rejects(large.run(inputs, seed), (error) => isOutOfMemory(error));
      large.dispose();
      assert.equal(tf.memory().numTensors, before);
      const small = backend.compile("small", ({ x }) => ({ y: tf.sum(tf.square(x!)) }));
      const { y } = await small.run(inputs, seed);
      assert.deepEqual([...await y!.data()], [1024]); // it is returned
      tf.dispose([x, y!]);
      small.dispose();
    },
  );
}

Deno.test("isOutOfMemory() knows the backends' words for it, in causes too", () => {
  const words = [
    "ResourceExhausted: failed to allocate memory",
    "OOM when allocating tensor with shape[512,512]",
    "Aborted(Cannot enlarge memory arrays)",
    "Array buffer allocation failed",
  ];
  for (const word of words) {
    assert.ok(isOutOfMemory(new Error("Plugin failed", { cause: new Error(word) })), word);
  }
  for (const word of ["a bloom filter", "no room for error", ""]) {
    assert.ok(!isOutOfMemory(new Error(word)), word);
  }
});

Deno.test("partsOf() is the smallest divisor of the batch that is large enough", () => {
  assert.deepEqual([1, 2, 3, 4, 5, 9].map((parts) => partsOf(6, parts)), [1, 2, 3, 6, 6, 6]);
  assert.equal(partsOf(7, 2), 7);
});

/** Mocks a system's files, by path. */
const system = (files: Record<string, string>) => (path: string) => files[path] ?? null;

Deno.test("availableMemory() is the system's where no control group has a limit", () => {
  assert.equal(availableMemory(1000, system({})), 1000);
  const files = {
    "/proc/self/cgroup": "0::/user\n",
    "/sys/fs/cgroup/user/memory.max": "max\n",
    "/sys/fs/cgroup/user/memory.current": "900\n",
  };
  assert.equal(availableMemory(1000, system(files)), 1000);
});

Deno.test("availableMemory() is what the tightest group around the process has left", () => {
  const files = {
    "/proc/self/cgroup": "0::/outer/inner\n",
    "/sys/fs/cgroup/outer/inner/memory.max": "max\n",
    "/sys/fs/cgroup/outer/memory.max": "700\n",
    "/sys/fs/cgroup/outer/memory.current": "400\n",
    "/sys/fs/cgroup/outer/memory.stat": "anon 300\nfile 100\ninactive_file 50\n",
    "/sys/fs/cgroup/memory.max": "900\n",
    "/sys/fs/cgroup/memory.current": "500\n",
  };
  assert.equal(availableMemory(1000, system(files)), 350);
  assert.equal(availableMemory(200, system(files)), 200);
});

Deno.test(
  "availableMemory() reads version 1's memory controller, and nothing is less than " +
    "0",
  () => {
    const files = {
      "/proc/self/cgroup": "9:name=systemd:/\n4:cpu,memory:/box\n0::/\n",
      "/sys/fs/cgroup/memory/box/memory.limit_in_bytes": "500\n",
      "/sys/fs/cgroup/memory/box/memory.usage_in_bytes": "620\n",
      "/sys/fs/cgroup/memory/box/memory.stat": "total_inactive_file 20\n",
    };
    assert.equal(availableMemory(1000, system(files)), 0);
  },
);

Deno.test("availableMemory() of this machine is some, and not more than the system has", () => {
  const bytes = availableMemory();
  assert.ok(bytes > 0 && bytes <= Deno.systemMemoryInfo().total, `${bytes}`);
});
