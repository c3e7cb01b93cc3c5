/** ProGAN-SR's generator and critic as one model. */
import {
  ConfigError,
  createParameters,
  type Model,
  type Parameters,
  type tf,
} from "../../core/mod.ts";
import { doublingsOf, hasCritic, type ProganSrConfig } from "./config.ts";
import { createCritic } from "./critic.ts";
import { degrade, SMALLEST_DEGRADED } from "./degrade/degrade.ts";
import { createGenerator } from "./generator.ts";
import { reduce } from "./pairs.ts";
import { createShuffleGenerator } from "./shuffle_generator.ts";

export interface ProganSrModel extends Model {
  readonly scale: number;
  readonly channels: number; // of the images
  /** Reduces images: [N, H, W, C] → [N, H / scale, W / scale, C]. */
  reduce(images: tf.Tensor4D): tf.Tensor4D;
  /**
   * The training input: `reduce` with the degradation of `--degrade`, by the step's random draws.
   */
  degrade(images: tf.Tensor4D): tf.Tensor4D;
  /** [N, H, W, C] → [N, H · scale, W · scale, C], for any height and width. */
  enlarge(low: tf.Tensor4D, alpha: tf.Scalar | number): tf.Tensor4D;
  /** Radius of the receptive field, in input pixels. */
  reach(): number;
  /** Scores [N, 1]. @throws TypeError where there is no critic */
  score(images: tf.Tensor4D, alpha: tf.Scalar | number): tf.Tensor2D;
  grow(resolution: number): void;
  stabilize(): void;
}

/** What the networks depend on, besides the options. */
export interface ProganSrShape {
  seed: number;
  startResolution: number; // px a side of the output
  channels: number; // of the images
}

/**
 * Builds the networks at the first resolution.
 * @throws ConfigError for an unsupported scale or start resolution
 */
export function createProganSr(config: ProganSrConfig, shape: ProganSrShape): ProganSrModel {
  const { seed, startResolution, channels } = shape;
  doublingsOf(config);
  if (startResolution / config.scale < 2) {
    throw new ConfigError(
      `Cannot start at ${startResolution} px: expected an input of at least 2 px, received ` +
        `${startResolution / config.scale}. Use a larger --start-resolution`,
    );
  }
  if (config.degrade !== "clean" && startResolution / config.scale < SMALLEST_DEGRADED) {
    throw new ConfigError(
      `Cannot use --degrade ${config.degrade} from ${startResolution} px on: expected an input of ` +
        `at least ${SMALLEST_DEGRADED} px, received ${startResolution / config.scale}. Use a ` +
        `larger --start-resolution`,
    );
  }
  const networks: Record<"generator" | "discriminator", Parameters> = {
    generator: createParameters("generator", seed),
    discriminator: createParameters("discriminator", seed),
  };
  const create = config.generator === "shuffle" ? createShuffleGenerator : createGenerator;
  const generator = create(networks.generator, config, startResolution, channels);
  const critic = hasCritic(config)
    ? createCritic(networks.discriminator, config, startResolution, channels)
    : undefined;
  const reduced = (images: tf.Tensor4D) => reduce(images, config.scale, config.reduction);
  return {
    ...networks,
    scale: config.scale,
    channels,
    reduce: reduced,
    degrade: (images) => degrade(images, config.degrade, reduced),
    enlarge: generator.apply,
    reach: generator.reach,
    score(images, alpha) {
      if (critic) return critic.apply(images, alpha);
      throw new TypeError(
        "Cannot score images: expected a critic, received a run without one. Use " +
          "--adversarial-weight",
      );
    },
    grow(resolution) {
      generator.grow(resolution);
      critic?.grow(resolution);
    },
    stabilize() {
      generator.stabilize();
      critic?.stabilize();
    },
  };
}
