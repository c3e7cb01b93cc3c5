/** A small checkpoint for tests. */
import { storedTensor } from "./tensors.ts";
import type { CheckpointContents } from "./writer.ts";

/** Contents with every dtype; `variant` changes the weights. */
export function contents(imagesSeen: number, variant = 0): CheckpointContents {
  const weight = Float32Array.from({ length: 12 }, (_, i) => Math.sin(i + variant));
  return {
    imagesSeen,
    files: {
      "generator.safetensors": {
        "block4/weight": storedTensor(weight, [3, 4]),
        "block4/bias": storedTensor(new Float32Array(0), [0]),
      },
      "optimizer.safetensors": {
        step: storedTensor(Int32Array.of(imagesSeen), []),
        images: storedTensor(BigInt64Array.of(2n ** 60n), [1]),
        mask: storedTensor(Uint8Array.of(1, 0, 1), [3], "BOOL"),
        bytes: storedTensor(Uint8Array.of(7), [1]),
      },
    },
    meta: {
      plugins: ["stylegan"],
      config: { gamma: 10, nested: { list: [1, 2] } },
      phases: [{
        index: 0,
        resolution: 4,
        kind: "stabilize",
        start: 0,
        end: 64,
        batchSize: 8,
        learningRate: 1e-3,
      }],
      seed: 1,
      counters: { step: imagesSeen / 8 },
      state: { interval: { "loss/generator": { sum: 0.5, count: 1 } }, muted: ["ada.step"] },
      cursor: { train: imagesSeen },
      pluginStates: {},
      dataset: { name: "emoji", digest: "d", count: 3 },
      fingerprint: { library: "test" },
      versions: { cambium: "0.1.0" },
      info: {},
    },
  };
}
