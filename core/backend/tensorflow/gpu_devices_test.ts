import assert from "node:assert/strict";
import type { DeviceChoice } from "../types.ts";
import { checkIdleGpus, expectVisible, withModels } from "./gpu_devices.ts";

Deno.test(
  "checkIdleGpus() tells of an idle GPU once, unless the processor was asked for, and " +
    "fails where a GPU was",
  () => {
    const told = (device: DeviceChoice, gpus: string[]) => {
      const messages: string[] = [];
      checkIdleGpus(device, (message) => messages.push(message), { models: gpus });
      return messages;
    };
    assert.deepEqual([told("auto", []), told("cpu", []), told("cpu", ["H100"])], [[], [], []]);
    assert.equal(told("auto", ["H100", "H100"]).length, 1);
    assert.match(told("auto", ["H100"])[0]!, /this machine has H100.*--device gpu fetches it once/);
    assert.throws(() => told("gpu", []), /received none\. This machine has no NVIDIA driver/);
    assert.throws(() => told("gpu", ["H100"]), /received none\. This machine has H100: its driver/);
  },
);

Deno.test(
  "GPUs that CUDA_VISIBLE_DEVICES hides are told where one could be taken, and refused " +
    "where one was requested",
  () => {
    const none = {
      models: [],
      hidden: `CUDA_VISIBLE_DEVICES="7" lets none of this machine's GPU through (H100)`,
    };
    const messages: string[] = [];
    checkIdleGpus("auto", (message) => messages.push(message), none);
    assert.match(
      messages.join(),
      /^Computing on the processor: CUDA_VISIBLE_DEVICES="7" lets none/,
    );
    assert.throws(
      () => expectVisible("gpu", none),
      /may be used, received none: CUDA_VISIBLE_DEVICES="7".*nvidia-smi -L/,
    );
    expectVisible("auto", none);
    expectVisible("gpu", { models: ["T4"], hidden: "one of two" });
    expectVisible("gpu", { models: [] }); // no driver: another sentence says so
    checkIdleGpus("cpu", assert.fail, none);
  },
);

Deno.test("withModels() names GPUs only where it is clear which is which", () => {
  const cpu = { name: "CPU:0", kind: "CPU" as const };
  const gpu = (i: number) => ({ name: `GPU:${i}`, kind: "GPU" as const, memoryBytes: 8e10 });
  const models = (gpus: number, driver: string[]) =>
    withModels([cpu, ...Array.from({ length: gpus }, (_, i) => gpu(i))], driver)
      .map(({ model }) => model ?? "");
  assert.deepEqual(models(1, ["H100"]), ["", "H100"]);
  assert.deepEqual(models(1, ["H100", "H100"]), ["", "H100"]); // one is hidden; they are alike
  assert.deepEqual(models(1, ["H100", "T4"]), ["", ""]); // which one is hidden?
  assert.deepEqual(models(2, ["H100", "T4"]), ["", "H100", "T4"]);
  assert.deepEqual(models(1, []), ["", ""]);
});
