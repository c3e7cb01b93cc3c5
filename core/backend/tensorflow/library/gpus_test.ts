import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../../../testing/with_folder.ts";
import { type NvidiaGpu, nvidiaGpus, visibleGpus } from "./gpus.ts";

Deno.test(
  "nvidiaGpus() reads the driver's list in the order of the bus, and is empty without " +
    "a driver",
  () =>
    withFolder(async (folder) => {
      assert.deepEqual(nvidiaGpus(join(folder, "none")), []);
      for (
        const [place, model] of [["0000:0b:00.0", "Tesla T4"], ["0000:06:00.0", "NVIDIA H100"]]
      ) {
        await Deno.mkdir(join(folder, place!));
        const text = `Model: \t\t ${model}\nIRQ:   \t\t 41\nGPU UUID: \t GPU-${
          place!.slice(5, 7)
        }aa\n`;
        await Deno.writeTextFile(join(folder, place!, "information"), text);
      }
      assert.deepEqual(nvidiaGpus(folder), [
        { model: "NVIDIA H100", uuid: "GPU-06aa" },
        { model: "Tesla T4", uuid: "GPU-0baa" },
      ]);
    }),
);

const H100 = { model: "H100", uuid: "GPU-8932f937-d72c" },
  T4 = { model: "T4", uuid: "GPU-8aa0-17" };

function visible(all: NvidiaGpu[], wanted: string | undefined, order?: string) {
  return visibleGpus(all, (name) => name === "CUDA_VISIBLE_DEVICES" ? wanted : order);
}

Deno.test(
  "CUDA_VISIBLE_DEVICES lets through what CUDA would: numbers and UUIDs up to the " +
    "first that names no GPU",
  () => {
    const models = (wanted: string | undefined, order?: string) =>
      visible([H100, T4], wanted, order).models;
    assert.deepEqual(models(undefined), ["H100", "T4"]);
    for (const none of ["", "-1", "7", "none", "GPU-9", "GPU-8", "MIG-abc", "7,0", "0,0"]) {
      assert.deepEqual(models(none), [], none);
    }
    assert.deepEqual(models("GPU-89"), ["H100"]);
    assert.deepEqual(models("gpu-8AA0-17, GPU-8932f937-d72c"), ["T4", "H100"]);
    assert.deepEqual(models("MIG-GPU-8aa0-17/1/0"), ["T4"]);
    assert.deepEqual(models("1,7,0", "PCI_BUS_ID"), ["T4"]);
    assert.deepEqual(models("1,0", "PCI_BUS_ID"), ["T4", "H100"]);
    assert.deepEqual(models("1"), [undefined], "CUDA's own order is by speed");
    assert.deepEqual(visible([T4, { ...T4, uuid: "GPU-2" }], "1").models, ["T4"]);
  },
);

Deno.test(
  "what CUDA_VISIBLE_DEVICES hides is told in a sentence, and nothing where it hides " +
    "nothing",
  () => {
    assert.equal(visible([], "7").hidden, undefined, "a machine without GPUs");
    assert.equal(visible([H100], undefined).hidden, undefined);
    assert.equal(visible([H100], "0").hidden, undefined);
    const hidden = (wanted: string) => visible([H100], wanted).hidden;
    assert.equal(
      hidden(""),
      `CUDA_VISIBLE_DEVICES="" lets none of this machine's GPU through (H100)`,
    );
    assert.match(hidden("7")!, /^CUDA_VISIBLE_DEVICES="7" lets none/);
    assert.match(
      visible([H100, T4], "1").hidden!,
      /lets 1 of this machine's 2 GPUs through \(H100, T4\)/,
    );
  },
);
