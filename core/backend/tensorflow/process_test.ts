import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const script = `
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "./core/backend/mod.ts";
import { randomNormal } from "./core/random.ts";
const backend = await selectBackend({ name: "tensorflow", threads: 2, shards: 2 });
const step = backend.compile("draw", () => ({ y: tf.matMul(randomNormal([8, 8]), randomNormal([8, 8])) }));
const { y } = await step.run({}, [1, 2]);
console.log(new Uint8Array(y.dataSync().slice().buffer).toHex());
const filter = tf.variable(tf.fill([3, 3, 8, 8], 0.1)); // its gradient is the sum of two pieces' ones
const train = backend.compile("train", () => {
  const loss = () => tf.mean(tf.square(tf.conv2d(randomNormal([4, 16, 16, 8]), filter, 1, "same")));
  filter.assign(tf.sub(filter, Object.values(tf.variableGrads(loss).grads)[0]));
  return {};
});
for (let i = 0; i < 20; i++) await train.run({}, [1, i]);
console.log(new Uint8Array(filter.dataSync().slice().buffer).toHex());
`;

async function run() {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--ext=ts", script],
    cwd: fileURLToPath(new URL("../../..", import.meta.url)),
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

Deno.test(
  "a process ends with code 0, says nothing, draws what another one draws, and trains " +
    "to the same weights in pieces",
  async () => {
    const first = await run(), second = await run();
    assert.equal(first.code, 0, first.stderr);
    assert.equal(second.code, 0, second.stderr);
    assert.match(first.stdout, /^[0-9a-f]{512}\n[0-9a-f]{4608}\n$/);
    assert.equal(second.stdout, first.stdout);
    assert.doesNotMatch(first.stderr, /oneDNN|absl|tensorflow/i);
  },
);
