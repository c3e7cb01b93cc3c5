/** Compares the presets `paper` and `akoa` with their sources. */
import assert from "node:assert/strict";
import { createParameters } from "../../core/mod.ts";
import { planOf, resolveConfig, type RunConfig, runSchema } from "../../core/config/mod.ts";
import { channelsAt, type StyleganConfig, styleganSchema } from "./config.ts";
import { createMapping } from "./mapping.ts";
import { styleganPresets } from "./presets.ts";
import { createSynthesis } from "./synthesis.ts";

const resolved = (name: keyof typeof styleganPresets) =>
  resolveConfig([runSchema, styleganSchema], [
    { from: name, values: styleganPresets[name].values },
  ]);

/**
 * Values of each preset, and their sources.
 *
 * paper: Karras et al. 2019, appendix C, and train.py, training_loop.py, networks_stylegan.py,
 * loss.py of NVlabs/stylegan (one GPU). Channels there are min(8192 / 2^stage, 512), 16384 / R of
 * resolution R.
 *
 * akoa: train.py and model.py of rosinality/style-based-gan-pytorch, with --sched and --mixing.
 */
const SOURCES: Record<"paper" | "akoa", Record<string, unknown>> = {
  paper: {
    startResolution: 8, // sched.lod_initial_resolution
    firstBlock: 4, // G_synthesis begins with "4x4"
    fadeImages: 600_000, // lod_transition_kimg
    stabilizeImages: 600_000, // lod_training_kimg
    latentSize: 512, // latent_size, dlatent_size
    mappingLayers: 8, // mapping_layers
    mappingRate: 0.01, // mapping_lrmul
    channelBase: 16_384, // fmap_base
    channelMax: 512, // fmap_max
    loss: "non_saturating", // G_logistic_nonsaturating, D_logistic_simplegp
    penalty: "r1",
    gamma: 10, // r1_gamma
    penaltyEvery: 1,
    mixing: 0.9, // style_mixing_prob
    meanRate: 0.005, // 1 - dlatent_avg_beta
    stddevGroup: 4, // mbstd_group_size
    filter: "blur", // blur_filter [1, 2, 1]
    normEpsilon: 1e-8, // instance_norm(x, epsilon=1e-8)
    learningRate: 0.001, // lrate_base
    beta1: 0,
    beta2: 0.99,
    epsilon: 1e-8,
    emaImages: 10_000, // G_smoothing_kimg
    emaDecay: 0,
    resetOptimizer: true, // reset_opt_for_new_lod
  },
  akoa: {
    startResolution: 8, // --init_size
    firstBlock: 4, // StyledConvBlock(512, 512, 3, 1, initial=True)
    fadeImages: 600_000, // --phase
    stabilizeImages: 600_000,
    latentSize: 512, // code_size
    mappingLayers: 8, // n_mlp
    mappingRate: 0.01, // mult
    channelBase: 16_384,
    channelMax: 512,
    normEpsilon: 1e-5, // nn.InstanceNorm2d
    loss: "wgan", // --loss wgan-gp
    penalty: "wgan_gp",
    lambda: 10, // grad_penalty = 10 * grad_penalty
    penaltyEvery: 1,
    drift: 0.001, // 0.001 * (real_predict ** 2)
    mixing: 0.9, // random.random() < 0.9
    learningRate: 0.001, // --lr
    beta1: 0,
    beta2: 0.99,
    emaDecay: 0.999, // accumulate(g_running, generator)
    resetOptimizer: false,
  },
};

/** Batch and rate of each resolution: sched.minibatch_dict, G_lrate_dict; args.batch, args.lr. */
const PLANS: Record<"paper" | "akoa", [resolution: number, batch: number, rate: number][]> = {
  paper: [
    [8, 128, 0.001],
    [16, 128, 0.001],
    [32, 64, 0.001],
    [64, 32, 0.001],
    [128, 16, 0.0015],
    [256, 8, 0.002],
  ],
  akoa: [
    [8, 256, 0.001],
    [16, 128, 0.001],
    [32, 64, 0.001],
    [64, 32, 0.001],
    [128, 32, 0.0015],
    [256, 32, 0.002],
  ],
};

for (const name of ["paper", "akoa"] as const) {
  Deno.test(`${name} has its source's values`, () => {
    const [run, config] = resolved(name), all: Record<string, unknown> = { ...run, ...config };
    for (const [key, value] of Object.entries(SOURCES[name])) assert.equal(all[key], value, key);
    const plan = planOf(run as unknown as RunConfig);
    assert.deepEqual(
      plan.map((r) => [r.resolution, r.batchSize, r.learningRate]),
      PLANS[name],
    );
  });
}

Deno.test("channels fall by a power of the resolution, from the widest to the least", () => {
  const channels = (values: Partial<StyleganConfig>) => {
    const [, config] = resolved("small");
    return [4, 16, 32, 64, 128].map((r) => channelsAt({ ...config, ...values }, r));
  };
  assert.deepEqual(channels({}), [128, 128, 64, 32, 32]);
  assert.deepEqual(channels({ channelMin: 16 }), [128, 128, 64, 32, 16]);
  assert.deepEqual(channels({ channelFalloff: 2 }), [128, 128, 32, 32, 32]);
  assert.deepEqual(channels({ channelFalloff: 0 }), [128, 128, 128, 128, 128]);
  const wide = { channelBase: 16_384, channelMax: 512, channelFalloff: 1 };
  assert.deepEqual(channels(wide), [512, 512, 512, 256, 128]);
});

Deno.test("at 256 px the paper's generator has 14 style layers and 26.1 million weights", () => {
  const [, config] = resolved("paper");
  // The weights do not matter here, only their shapes.
  const narrow = { ...config, latentSize: 64, channelBase: 2048, channelMax: 64 };
  const counted = (widths: typeof config) => {
    const generator = createParameters("generator", 1);
    createMapping(generator.scope("mapping"), widths, 0);
    const synthesis = createSynthesis(generator.scope("synthesis"), widths, 4, 3);
    for (let r = 8; r <= 256; r *= 2) {
      synthesis.grow(r);
      synthesis.stabilize();
    }
    const size = generator.trainable().reduce((sum, { variable }) => sum + variable.size, 0);
    const layers = synthesis.styleLayers();
    generator.remove();
    return { size, layers };
  };
  assert.deepEqual(counted(narrow), { size: sizeOf(64, 2048, 64), layers: 14 });
  assert.equal((sizeOf(512, 16_384, 512) / 1e6).toFixed(1), "26.1");
});

/** Trainable weights of a generator up to 256 px, counted by hand. */
function sizeOf(latent: number, base: number, max: number): number {
  const channels = (r: number) => Math.max(16, Math.min(max, base / r));
  const styled = (c: number) => c + 2 * c * (latent + 1); // noise; scale and offset
  let size = 8 * (latent * latent + latent); // mapping
  const first = channels(4);
  size += 16 * first + styled(first); // constant
  size += 9 * first * first + first + styled(first);
  for (let r = 8; r <= 256; r *= 2) {
    const from = channels(r / 2), to = channels(r);
    size += 9 * from * to + to + styled(to);
    size += 9 * to * to + to + styled(to);
  }
  return size + 3 * channels(256) + 3; // to_image only of the last resolution
}
