/**
 * DCGAN: a GAN of one resolution, without growing (Radford, Metz, Chintala 2016, "Unsupervised
 * Representation Learning with Deep Convolutional GANs"). An example of a whole model in one file
 * that uses the public API alone.
 */
import {
  adversarialTerms,
  ConfigError,
  createParameters,
  definePlugin,
  field,
  heNormal,
  leakyRelu,
  lerp,
  type Model,
  normal,
  object,
  ones,
  type Parameters,
  randomNormal,
  type StepContext,
  tf,
  zeros,
} from "../../core/mod.ts";

interface Dcgan extends Model {
  draw(step: StepContext): tf.Tensor4D;
  score(images: tf.Tensor4D): tf.Tensor2D;
}

type BatchNorm = (x: tf.Tensor4D, training: boolean) => tf.Tensor4D;

/** The paper's weight initialization: N(0, 0.02²). */
const small = normal(0.02);

/**
 * y = scale · (x − μ) / √(σ² + ε) + offset, with statistics of the batch in training (Ioffe and
 * Szegedy 2015) and running averages when samples are drawn.
 */
function batchNorm(parameters: Parameters, channels: number): BatchNorm {
  const variable = (name: string, init: typeof zeros, trainable: boolean) =>
    parameters.variable(name, [channels], init, { trainable });
  const scale = variable("scale", ones, true), offset = variable("offset", zeros, true);
  const mean = variable("mean", zeros, false), spread = variable("variance", ones, false);
  return (x, training) => {
    let centre: tf.Tensor1D = mean, variance: tf.Tensor1D = spread;
    if (training) {
      centre = tf.mean(x, [0, 1, 2]);
      variance = tf.mean(tf.square(tf.sub(x, centre)), [0, 1, 2]);
      mean.assign(lerp(mean, centre, 0.05));
      spread.assign(lerp(spread, variance, 0.05));
    }
    const factor = tf.mul(scale, tf.rsqrt(tf.add(variance, 1e-5)));
    return tf.add(tf.mul(tf.sub(x, centre), factor), offset);
  };
}

/** @param resolution px a side; at half of it, layers have `width` features */
function createGenerator(
  parameters: Parameters,
  { latentSize, width, resolution, channels }: Sizes,
): (z: tf.Tensor2D, training: boolean) => tf.Tensor4D {
  const top = width * resolution / 8; // features at 4 px: `width` at half the resolution
  const dense = parameters.variable("dense", [latentSize, 16 * top], heNormal());
  const first = batchNorm(parameters.scope("4px"), top);
  const layers: ((x: tf.Tensor4D, training: boolean) => tf.Tensor4D)[] = [];
  for (let r = 8, from = top; r <= resolution; r *= 2, from /= 2) {
    const last = r === resolution, to = last ? channels : from / 2;
    const scope = parameters.scope(`${r}px`);
    const kernel = scope.variable("kernel", [4, 4, to, from], small);
    const normalize = last ? undefined : batchNorm(scope, to);
    layers.push((x, training) => {
      const y = tf.conv2dTranspose(x, kernel, [x.shape[0], r, r, to], 2, "same");
      return normalize ? tf.relu(normalize(y, training)) : tf.tanh(y);
    });
  }
  return (z, training) => {
    const x = tf.reshape<tf.Rank.R4>(tf.matMul(z, dense), [-1, 4, 4, top]);
    return layers.reduce((y, layer) => layer(y, training), tf.relu(first(x, training)));
  };
}

function createDiscriminator(
  parameters: Parameters,
  { width, resolution, channels }: Sizes,
): (images: tf.Tensor4D) => tf.Tensor2D {
  const layers: ((x: tf.Tensor4D) => tf.Tensor4D)[] = [];
  let from = channels, to = width;
  for (let r = resolution / 2; r >= 4; r /= 2, from = to, to *= 2) {
    const scope = parameters.scope(`${r}px`);
    const kernel = scope.variable("kernel", [4, 4, from, to], small);
    const normalize = r === resolution / 2 ? undefined : batchNorm(scope, to);
    layers.push((x) => {
      const y = tf.conv2d(x, kernel, 2, "same");
      return leakyRelu(normalize ? normalize(y, true) : y);
    });
  }
  const score = parameters.variable("score", [16 * from, 1], small);
  return (images) => {
    const features = layers.reduce((x, layer) => layer(x), images);
    return tf.matMul(tf.reshape<tf.Rank.R2>(features, [images.shape[0], -1]), score);
  };
}

interface Sizes {
  latentSize: number;
  width: number;
  resolution: number;
  channels: number;
}

function createDcgan(sizes: Sizes, seed: number): Dcgan {
  const generator = createParameters("generator", seed);
  const discriminator = createParameters("discriminator", seed);
  const synthesize = createGenerator(generator, sizes);
  return {
    generator,
    discriminator,
    latentSize: sizes.latentSize,
    generate: (z) => synthesize(z, false),
    draw: ({ size }) => synthesize(randomNormal([size, sizes.latentSize]), true),
    score: createDiscriminator(discriminator, sizes),
  };
}

export default definePlugin({
  name: "dcgan",
  description: "DCGAN: strided convolutions and batch norm at one resolution (example)",
  kind: "model",
  config: object({
    latentSize: field.integer("Length of z", 64, { minimum: 1 }),
    width: field.integer("Features at half the resolution; they double at each halving", 24, {
      minimum: 1,
    }),
  }),
  presets: {
    "32px": {
      description: "The paper's optimizer at 32 px",
      values: {
        startResolution: 32,
        resolution: 32,
        batch: 32,
        stabilizeImages: 300_000,
        penalty: "none",
        learningRate: 0.0002,
        beta1: 0.5,
        beta2: 0.999,
      },
    },
  },
  defaultPreset: "32px",
  build({ config, run, dataset }) {
    const { startResolution, resolution, seed } = run;
    if (startResolution !== resolution || resolution < 16) {
      throw new ConfigError(
        `Cannot build a DCGAN: expected one resolution of at least 16 px, received ` +
          `${startResolution} to ` +
          `${resolution} px. Set --start-resolution and --resolution to the same`,
      );
    }
    return createDcgan({ ...config, resolution, channels: dataset.channels }, seed);
  },
  hooks: {
    grow() {
      throw new Error("Cannot grow a DCGAN: expected one resolution"); // build() has checked this
    },
    losses(context) {
      const { model } = context;
      return adversarialTerms(context, {
        real: ({ tensors }) => tensors.images,
        fake: (step) => model.draw(step),
        score: (images) => model.score(images),
      });
    },
  },
});
