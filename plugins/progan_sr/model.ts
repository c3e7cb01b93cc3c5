/** ProGAN-SR's networks together. */
import { createParameters, type Model, type Parameters, type tf } from "../../core/mod.ts";
import { doublingsOf, type ProganSrConfig } from "./config.ts";
import { createCritic } from "./critic.ts";
import { createGenerator } from "./generator.ts";
import { reduce } from "./pairs.ts";

/** A super-resolution GAN that can be trained. */
export interface ProganSrModel extends Model {
  readonly scale: number;
  readonly channels: number; // of the images
  /** Low resolution of high: [N, H, W, C] → [N, H / scale, W / scale, C]. */
  reduce(images: tf.Tensor4D): tf.Tensor4D;
  /** [N, H, W, C] → [N, H · scale, W · scale, C]; any size. */
  enlarge(low: tf.Tensor4D, alpha: tf.Scalar | number): tf.Tensor4D;
  /** Input pixels to each side on which an output pixel depends. */
  reach(): number;
  /** Scores [N, 1]. */
  score(images: tf.Tensor4D, alpha: tf.Scalar | number): tf.Tensor2D;
  grow(resolution: number): void;
  stabilize(): void;
}

/** What the networks depend on besides the options. */
export interface ProganSrShape {
  seed: number;
  startResolution: number; // px a side of the output
  channels: number; // of the images
}

/**
 * Builds the networks at the first resolution.
 * @throws RangeError for a scale or a start that can't be
 */
export function createProganSr(config: ProganSrConfig, shape: ProganSrShape): ProganSrModel {
  const { seed, startResolution, channels } = shape;
  doublingsOf(config);
  if (startResolution / config.scale < 2) {
    throw new RangeError(
      `Cannot start at ${startResolution} px: expected an input of at least 2 px, received ` +
        `${startResolution / config.scale}. Use a larger --start-resolution`,
    );
  }
  const networks: Record<"generator" | "discriminator", Parameters> = {
    generator: createParameters("generator", seed),
    discriminator: createParameters("discriminator", seed),
  };
  const generator = createGenerator(networks.generator, config, startResolution, channels);
  const critic = createCritic(networks.discriminator, config, startResolution, channels);
  return {
    ...networks,
    scale: config.scale,
    channels,
    reduce: (images) => reduce(images, config.scale, config.reduction),
    enlarge: generator.apply,
    reach: generator.reach,
    score: critic.apply,
    grow(resolution) {
      generator.grow(resolution);
      critic.grow(resolution);
    },
    stabilize() {
      generator.stabilize();
      critic.stabilize();
    },
  };
}
