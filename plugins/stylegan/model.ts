/** StyleGAN's networks as one model, and the ways to draw from them. */
import {
  createParameters,
  type GenerateOptions,
  type Model,
  randomNormal,
  randomUniform,
  type StepContext,
  tf,
} from "../../core/mod.ts";
import type { StyleganConfig } from "./config.ts";
import { createDiscriminator } from "./discriminator.ts";
import { createMapping } from "./mapping.ts";
import type { DrawOn } from "./pairs.ts";
import { createResidualDiscriminator } from "./residual_discriminator.ts";
import { createSkipSynthesis } from "./skip_synthesis.ts";
import { createSynthesis } from "./synthesis.ts";

export interface StyleganModel extends Model {
  /** Images of random latents, for a training step. */
  draw(step: StepContext): tf.Tensor4D;
  score(images: tf.Tensor4D, step: StepContext): tf.Tensor2D;
  /** With `--pair-weight`, if the layers above 16 px start from a picture. */
  drawOn?: DrawOn | undefined;
  grow(resolution: number): void;
  stabilize(): void;
}

/** What the networks depend on, besides the options. */
export interface StyleganShape {
  seed: number;
  startResolution: number;
  channels: number;
  labelCount: number; // 0: unconditional
}

/** Constructors of the two growing networks, by `--architecture`. */
const ARCHITECTURES = {
  stylegan: { synthesis: createSynthesis, discriminator: createDiscriminator },
  stylegan2: { synthesis: createSkipSynthesis, discriminator: createResidualDiscriminator },
};

/** Builds the networks at the first resolution. */
export function createStylegan(config: StyleganConfig, shape: StyleganShape): StyleganModel {
  const { seed, startResolution, channels, labelCount } = shape;
  const generator = createParameters("generator", seed);
  const discriminator = createParameters("discriminator", seed);
  const mapping = createMapping(generator.scope("mapping"), config, labelCount);
  const create = ARCHITECTURES[config.architecture];
  const synthesis = create.synthesis(
    generator.scope("synthesis"),
    config,
    startResolution,
    channels,
  );
  const critic = create.discriminator(
    discriminator,
    config,
    startResolution,
    channels,
    labelCount,
  );
  const repeat = (w: tf.Tensor2D) => Array.from({ length: synthesis.styleLayers() }, () => w);
  const labelsOf = (step: StepContext) => labelCount > 0 ? step.tensors.labels : undefined;

  /**
   * Style mixing: with probability `mixing`, each sample crosses over from one latent to another at
   * a random layer (section 3.1).
   */
  function mixed(first: tf.Tensor2D, second: tf.Tensor2D): tf.Tensor2D[] {
    const [n] = first.shape, layers = synthesis.styleLayers();
    const crossover = tf.floor(randomUniform([n, 1], 1, layers));
    const keep = tf.greaterEqual(randomUniform([n, 1]), config.mixing).toFloat();
    const end = tf.add(crossover, tf.mul(keep, layers)); // beyond the last layer: no crossover
    const difference = tf.sub(first, second);
    return Array.from(
      { length: layers },
      (_, i) => tf.add<tf.Tensor2D>(second, tf.mul(difference, tf.less(i, end).toFloat())),
    );
  }

  /** One w for each layer, truncated below the cut-off. */
  function truncated(z: tf.Tensor2D, options: GenerateOptions): tf.Tensor2D[] {
    const w = mapping.apply(z, options.labels), { truncationCutoff = Infinity } = options;
    const pulled = mapping.truncate(w, options.truncation, options.labels);
    return repeat(pulled).map((low, i) => i < truncationCutoff ? low : w);
  }

  return {
    generator,
    discriminator,
    latentSize: config.latentSize,
    styleLayers: synthesis.styleLayers,
    draw(step) {
      const latents = () => randomNormal([step.size, config.latentSize]);
      const labels = labelsOf(step);
      const first = mapping.apply(latents(), labels);
      if (step.network === "generator") mapping.track(first);
      const styles = config.mixing > 0
        ? mixed(first, mapping.apply(latents(), labels))
        : repeat(first);
      return synthesis.apply(styles, step.alpha);
    },
    styles: (step) => mapping.apply(randomNormal([step.size, config.latentSize]), labelsOf(step)),
    synthesize: (styles, step) => synthesis.apply(repeat(styles), step.alpha),
    score: (images, step) => critic.apply(images, step.alpha, labelsOf(step)),
    latentSpace: {
      size: config.latentSize,
      map: mapping.apply,
      truncate: mapping.truncate,
      synthesize: synthesis.apply,
      styleWeights: synthesis.styleWeights,
    },
    generate: (z, options) => synthesis.apply(truncated(z, options), options.alpha),
    mix(coarse, fine, options) {
      const a = truncated(coarse, options), b = truncated(fine, options);
      const isFine = (i: number) => options.layers ? options.layers[i] : i >= options.crossover;
      const styles = a.map((w, i) => isFine(i) ? b[i]! : w); // equally long
      return synthesis.apply(styles, options.alpha);
    },
    drawOn: synthesis.drawOn && ((pictures, step) => {
      const n = pictures.shape[0], labels = labelsOf(step)?.slice(0, n) as tf.Tensor1D | undefined;
      const w = mapping.apply(randomNormal([n, config.latentSize]), labels);
      return synthesis.drawOn!(pictures, repeat(w), step.alpha); // checked above
    }),
    grow(resolution) {
      synthesis.grow(resolution);
      critic.grow(resolution);
    },
    stabilize() {
      synthesis.stabilize();
      critic.stabilize();
    },
  };
}
