/**
 * Critics on frozen, randomly mixed features that complement the model's own discriminator (Sauer
 * et al. 2021, "Projected GANs Converge Faster"). The feature network is EfficientNet-lite0, as in
 * the paper. The discriminator on pixels is kept, because a generator trained by features alone
 * exploits what they cannot see.
 */
import {
  cachedEfficientNetWeights,
  ConfigError,
  createEfficientNet,
  definePlugin,
  type EfficientNet,
  efficientNetWeights,
  field,
  leakyRelu,
  messageOf,
  type Model,
  object,
  type Plugin,
  type StepContext,
  tf,
} from "../../core/mod.ts";
import { cutOut, jitterColour, translate } from "./diff_augment.ts";
import { createProjectedCritic, type ProjectedCritic } from "./projected_critic.ts";

/**
 * The critics of each model. They are created in the `grow` hook, so that their weights are part of
 * the model's checkpoints.
 */
const critics = new WeakMap<Model, ProjectedCritic>();

/** The images [N, R, R, C] that the adversarial terms showed to the discriminator. */
function shown(step: StepContext, key: "real" | "fake"): tf.Tensor4D {
  return step.shared(`shown/${key}`, (): tf.Tensor4D => {
    throw new TypeError(
      `Cannot train projected critics: expected the model's terms to share "shown/${key}", ` +
        "received none. Use adversarialTerms()",
    );
  });
}

/** The mean over heads of each head's mean over positions. */
function meanOf(scores: readonly tf.Tensor4D[], of: (score: tf.Tensor4D) => tf.Tensor): tf.Scalar {
  return tf.div(tf.addN(scores.map((score) => tf.mean<tf.Scalar>(of(score)))), scores.length);
}

/**
 * Checks the options before training starts, rather than when the networks grow.
 * @throws ConfigError
 */
export function expectProjectable(
  { projectedFrom, projectedSize }: { projectedFrom: number; projectedSize: number },
  { firstBlock, startResolution }: { firstBlock: number; startResolution: number },
): void {
  if (projectedSize % 32 !== 0) {
    throw new ConfigError(
      "Cannot train projected critics: expected --projected-size to be a multiple of " +
        `32, received ${projectedSize}`,
    );
  }
  const first = firstBlock || startResolution; // the networks may grow before training starts
  const doublings = Math.log2(projectedFrom / first);
  if (doublings >= 1 && Number.isInteger(doublings)) return;
  throw new ConfigError(
    "Cannot train projected critics: expected --projected-from to be a resolution that " +
      `the networks grow to, above their first of ${first} px, received ` +
      `${projectedFrom}`,
  );
}

/**
 * Creates the add-on for a given feature network.
 * @param open called once a phase; the function it returns creates the network inside each recorded
 * step, so that its weights are constants there
 */
export const projectedOn = (open: () => () => EfficientNet): Plugin =>
  definePlugin({
    name: "projected",
    description: "Critics on EfficientNet-lite0's features, beside the discriminator",
    kind: "add-on",
    config: object({
      projectedWeight: field.number("Weight of the generator's term", 0.1, { minimum: 0 }),
      projectedFrom: field.integer("First resolution that the critics judge, px a side", 64, {
        minimum: 8,
      }),
      projectedSize: field.integer(
        "Size to which images are resized for the network, px a side",
        64,
        {
          minimum: 32,
          maximum: 512,
        },
      ),
      projectedAugment: field.boolean(
        "Augment what they see by colour, translation and cutout",
        true,
      ),
    }),
    async prepare({ config, run, progress, log }) {
      if (run.resolution < config.projectedFrom) {
        log(
          `Projected critics are not used up to ${run.resolution} px, where this run ends: ` +
            `--projected-from is ${config.projectedFrom}`,
        );
        return;
      }
      expectProjectable(config, run);
      try {
        await efficientNetWeights({
          onProgress: ({ message, fraction }) => progress(fraction ?? 0, message),
        });
      } catch (cause) {
        const advice = "Leave out --plugin projected to train by pixels alone";
        throw new ConfigError(`${messageOf(cause)}. ${advice}`, { cause });
      }
    },
    hooks: {
      grow({ config, model, log }, resolution) {
        if (resolution !== config.projectedFrom) return;
        const scope = model.discriminator.scope("projected");
        critics.set(model, createProjectedCritic(scope, config.projectedSize));
        log(
          "From now on EfficientNet-lite0's features train the generator, so KID and coverage by " +
            "these features are biased in favour of this run. SWD and VGG-19's metrics are not",
        );
      },
      losses({ config, model, phase }) {
        const { projectedFrom, projectedWeight, projectedAugment } = config;
        if (phase.resolution < projectedFrom) return [];
        const critic = critics.get(model);
        if (!critic) {
          throw new TypeError(
            "Cannot train projected critics: expected critics of --projected-from " +
              `${projectedFrom} px, received none: the networks never grew to it`,
          );
        }
        const makeNetwork = open();
        const scores = (step: StepContext, images: tf.Tensor4D) => {
          const net = step.shared("projected/net", makeNetwork);
          const seen = projectedAugment ? cutOut(translate(jitterColour(images))) : images;
          return critic.apply(net, seen);
        };
        // New heads are untrained, so their weight grows as the block that they judge fades in.
        const isNew = phase.kind === "fade" && phase.resolution === projectedFrom;
        return [
          {
            name: "projected_d",
            of: "discriminator",
            value(step) {
              const real = scores(step, shown(step, "real"));
              const fake = scores(step, shown(step, "fake"));
              step.report("projected/real", meanOf(real, (x) => x));
              step.report("projected/fake", meanOf(fake, (x) => x));
              const hinge = (x: tf.Tensor) => leakyRelu(tf.add<tf.Tensor4D>(x, 1), 0);
              return tf.add<tf.Scalar>(
                meanOf(real, (x) => hinge(tf.neg(x))),
                meanOf(fake, hinge),
              );
            },
          },
          {
            name: "projected_g",
            of: "generator",
            value(step) {
              const fooled = meanOf(scores(step, shown(step, "fake")), tf.neg);
              const weight = isNew ? tf.mul(step.alpha, projectedWeight) : projectedWeight;
              return tf.mul<tf.Scalar>(fooled, weight);
            },
          },
        ];
      },
    },
  });

/** The add-on with the weights in this machine's cache. */
const projected: Plugin = projectedOn(() => {
  const weights = cachedEfficientNetWeights();
  return () => createEfficientNet(weights);
});

export default projected;
