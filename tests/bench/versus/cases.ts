/** What is compared: a plugin's step, and the same step written in PyTorch. */
import { fileURLToPath } from "node:url";
import type { Precision } from "../../../core/backend/mod.ts";
import { proganSrPresets } from "../../../plugins/progan_sr/presets.ts";

/** How the peer runs. */
export type PeerMode = "eager" | "compile" | "autocast";

/** A training step that both sides implement. */
export interface VersusCase {
  name: string;
  plugin: string;
  /** Options that override the plugin's default preset. */
  values: Record<string, unknown>;
  resolutions: readonly number[];
  /** The peer's script, relative to `plugins/`, and its arguments. */
  script: string;
  args: readonly string[];
}

/** The networks of StyleGAN (2019), with 64 and 32 channels at 32 and 64 px. */
const OF_2019 = {
  architecture: "stylegan",
  mappingLayers: 6,
  mixing: 0.9,
  noise: true,
  gamma: 0.5,
  pairWeight: 0,
};

export const CASES: readonly VersusCase[] = [
  {
    name: "StyleGAN2",
    plugin: "stylegan",
    // Batches of 16, as in all cases; the peer's upper layers do not learn from pairs.
    values: { sched: ["64:16"], pairWeight: 0 },
    resolutions: [32, 64],
    script: "stylegan/bench/pytorch_step.py",
    args: ["--variant", "stylegan2"],
  },
  {
    name: "StyleGAN, R1",
    plugin: "stylegan",
    values: OF_2019,
    resolutions: [32, 64],
    script: "stylegan/bench/pytorch_step.py",
    args: ["--variant", "r1"],
  },
  {
    name: "StyleGAN, WGAN-GP",
    plugin: "stylegan",
    values: { ...OF_2019, loss: "wgan", penalty: "wgan_gp", penaltyEvery: 1, mixing: 0 },
    resolutions: [32, 64],
    script: "stylegan/bench/pytorch_step.py",
    args: ["--variant", "wgan_gp"],
  },
  {
    name: "ProGAN-SR, VGG-19",
    plugin: "progan-sr",
    // Made-up weights with VGG-19's shapes take the same time as the real ones, which are not part
    // of the project.
    values: {
      channels: 32,
      criticMax: 64,
      vggWeights: fileURLToPath(
        new URL("../../../core/features/testdata/vgg.h5", import.meta.url),
      ),
    },
    resolutions: [64],
    script: "progan_sr/bench/pytorch_step.py",
    args: [],
  },
  {
    name: "ProGAN-SR, photo",
    plugin: "progan-sr",
    // Batches of 16, as in all cases.
    values: { ...proganSrPresets.photo.values, sched: ["32:16:::1k", "64:16::1k:1k"] },
    resolutions: [64],
    script: "progan_sr/bench/pytorch_photo_step.py",
    args: [],
  },
  {
    name: "Sketch",
    plugin: "sketch",
    values: {},
    resolutions: [32, 64],
    script: "sketch/bench/pytorch_step.py",
    args: [],
  },
];

/** Which of our precisions is compared with which of PyTorch's modes. */
export const MATCHES: readonly { precision: Precision; peer: PeerMode }[] = [
  { precision: "float32", peer: "eager" },
  { precision: "float32", peer: "compile" },
  { precision: "bfloat16", peer: "autocast" },
];
