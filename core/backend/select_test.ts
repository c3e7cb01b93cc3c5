import assert from "node:assert/strict";
import { ConfigError } from "../config/mod.ts";
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "./mod.ts";

Deno.test("selectBackend() takes WASM where TensorFlow can't be had, and says why", async () => {
  const messages: string[] = [];
  const { info } = await selectBackend({
    tensorflow: "/nowhere",
    precision: "bfloat16",
    onFallback: (message) => messages.push(message),
  });
  assert.equal(info.name, "wasm");
  assert.equal(info.precision, "float32");
  assert.equal(tf.getBackend(), "wasm");
  assert.equal(messages.length, 1);
  assert.match(messages[0]!, /WASM backend.*\/nowhere.*has no libtensorflow/);
});

Deno.test("selectBackend() does not replace a backend that was named", async () => {
  await assert.rejects(
    selectBackend({ name: "tensorflow", tensorflow: "/nowhere" }),
    /Cannot find TensorFlow's libraries/,
  );
  await assert.rejects(selectBackend({ name: "wasm", precision: "bfloat16" }), ConfigError);
  await assert.rejects(
    selectBackend({ name: "wasm", device: "gpu" }),
    /on a GPU with the wasm backend: expected tensorflow/,
  );
  // WASM can't replace a GPU.
  await assert.rejects(selectBackend({ tensorflow: "/nowhere", device: "gpu" }), /Cannot find/);
  await assert.rejects(
    selectBackend({ name: "tensorflow", threads: 0 }),
    /positive whole number of threads, received 0/,
  );
  await assert.rejects(
    selectBackend({ name: "tensorflow", threads: 2, shards: 3 }),
    /expected 1 to 2 shards, one per thread, received 3/,
  );
});

Deno.test("selectBackend() fingerprints what the bits depend on", async () => {
  const { info } = await selectBackend({ name: "cpu" });
  assert.deepEqual(Object.keys(info.fingerprint).sort(), [
    "backend",
    "cpu",
    "devices",
    "library",
    "platform",
  ]);
  const tensorflow = await selectBackend({ name: "tensorflow" });
  for (
    const key of [
      "digest",
      "threads",
      "shards",
      "precision",
      "ONEDNN_MAX_CPU_ISA",
      "TF_ENABLE_ONEDNN_OPTS",
    ]
  ) {
    assert.ok(tensorflow.info.fingerprint[key], key);
  }
  assert.ok(tensorflow.info.devices.some((device) => device.kind === "CPU"));
});

Deno.test(
  "selectBackend() takes bfloat16 by itself only where the processor has instructions " +
    "for it",
  async () => {
    const precisionOn = async (name: "cpu" | "tensorflow") =>
      (await selectBackend({ name, precision: "auto" })).info.precision;
    assert.equal(await precisionOn("cpu"), "float32");
    const flags = await Deno.readTextFile("/proc/cpuinfo").catch(() => "");
    const expected = /(avx512|amx)_bf16|\bbf16\b/.test(flags) ? "bfloat16" : "float32";
    assert.equal(await precisionOn("tensorflow"), expected);
  },
);
