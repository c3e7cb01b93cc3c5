/** Small untrained generators for tests of exports, at 16 px unless stated otherwise. */
import * as tf from "@tensorflow/tfjs";
import { resolveConfig } from "../../core/config/mod.ts";
import type { DrawnModel } from "../../core/export/mod.ts";
import type { Model, OpenedRun } from "../../core/plugin/mod.ts";
import { Random, seedFor, withStepRandom } from "../../core/random.ts";
import { proganSchema } from "../../plugins/progan/config.ts";
import { createProgan } from "../../plugins/progan/model.ts";
import { proganSrSchema } from "../../plugins/progan_sr/config.ts";
import { createProganSr, type ProganSrModel } from "../../plugins/progan_sr/model.ts";
import { sketchSchema } from "../../plugins/sketch/config.ts";
import { createSketchModel, type SketchModel } from "../../plugins/sketch/model.ts";
import { styleganSchema } from "../../plugins/stylegan/config.ts";
import { createStylegan } from "../../plugins/stylegan/model.ts";

/** Length of their z. */
export const LATENT_SIZE = 8;

const small = { latentSize: LATENT_SIZE, channelBase: 64, channelMax: 8, channelMin: 4 };

type Growing = Model & { grow(resolution: number): void; stabilize(): void };

/** A StyleGAN with options, of 3 channels or 1. */
export function tinyStylegan(
  values: Record<string, unknown>,
  { channels = 3, labelCount = 0 } = {},
): Growing {
  const layer = { from: "the test", values: { ...small, mappingLayers: 2, ...values } };
  const [config] = resolveConfig([styleganSchema], [layer]);
  // one schema
  return createStylegan(config!, { seed: 1, startResolution: 4, channels, labelCount });
}

/** A ProGAN of grey pictures. */
export function tinyProgan(): Growing {
  const [config] = resolveConfig([proganSchema], [{ from: "the test", values: small }]);
  return createProgan(config!, { seed: 1, startResolution: 4, channels: 1 }); // one schema
}

/**
 * Grows a model and changes all weights, because noise and biases are initialized to 0 and would
 * have no effect.
 */
export function grown(
  model: Growing,
  { labels = [], alpha, resolution = 16, truncationCutoff }: {
    labels?: readonly string[];
    /** Below 1: the resolution is fading in. */
    alpha: number;
    resolution?: number | undefined;
    truncationCutoff?: number | undefined;
  },
): DrawnModel & { model: Model } {
  for (let next = 8; next <= resolution; next *= 2) {
    model.stabilize();
    model.grow(next);
  }
  if (alpha === 1) model.stabilize();
  stir(model);
  return { model, labels, alpha, truncationCutoff, withWeights: (fn) => fn() };
}

/** Changes all weights of a generator slightly. */
export function stir(model: Model): void {
  for (const { path, variable } of model.generator.variables()) {
    const random = new Random(seedFor(5, path));
    const moved = tf.tidy(() => {
      const step = random.normals(variable.size).map((x) => 0.3 * x);
      return tf.add(variable, tf.tensor(step, variable.shape));
    });
    variable.assign(moved);
    moved.dispose();
  }
}

/** What a plugin's `exports` reads of a run at 16 px. */
export function runOf<M extends Model>(
  model: M,
  { alpha, config = {} }: { alpha: number; config?: Record<string, unknown> },
): OpenedRun<M> {
  const context = { alpha, config, phase: { resolution: 16 } };
  return { model, context } as unknown as OpenedRun<M>; // all that is read
}

/**
 * A super-resolution network for colour or grey pictures; with `alpha` below 1, 16 px is fading in.
 */
export function tinyEnlarger(
  values: Record<string, unknown>,
  { channels = 3, alpha = 1 } = {},
): OpenedRun<ProganSrModel> {
  const layer = { from: "the test", values: { channels: 6, criticMax: 8, ...values } };
  const [config] = resolveConfig([proganSrSchema], [layer]);
  const model = createProganSr(config!, { seed: 1, startResolution: 8, channels }); // one schema
  model.grow(16);
  if (alpha === 1) model.stabilize();
  stir(model);
  return runOf(model, { alpha, config: config! });
}

/** A network of sketches; with `alpha` below 1, 16 px is fading in. */
export function tinySketcher(
  values: Record<string, unknown>,
  { classes = ["top", "left"], alpha = 1 }: { classes?: string[]; alpha?: number } = {},
): OpenedRun<SketchModel> {
  const small = { latentSize: LATENT_SIZE, channelMax: 8, channelMin: 4, encoderChannels: 4 };
  const layer = { from: "the test", values: { ...small, codeSize: 4, ...values } };
  const [config] = resolveConfig([sketchSchema], [layer]);
  const model = createSketchModel(config!, { seed: 1, startResolution: 4, classes }); // one schema
  for (const resolution of [8, 16]) {
    model.stabilize();
    model.grow(resolution);
  }
  if (alpha === 1) model.stabilize();
  stir(model);
  return runOf(model, { alpha });
}

/** Runs a function with noise maps of zeros. */
export function withoutNoise<T>(fn: () => T): T {
  const zeros = (shape: number[]) => tf.zeros(shape);
  return withStepRandom({ normal: zeros, uniform: zeros }, fn);
}
