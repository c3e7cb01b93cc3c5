/**
 * A class-conditional ProGAN (Karras et al. 2018, "Progressive Growing of GANs"), whose classes are
 * the folders of the data. The discriminator is conditioned on the class by projection (Miyato and
 * Koyama 2018, "cGANs with Projection Discriminator", equation 4). An example of a growing model in
 * one file that uses the public API alone.
 */
import {
  adversarialTerms,
  ConfigError,
  createParameters,
  definePlugin,
  downsampleAverage,
  equalizedConv2d,
  equalizedDense,
  fadeReals,
  field,
  fromImage,
  type GenerateOptions,
  type ImageLayer,
  inChunks,
  leakyRelu,
  lerp,
  minibatchStddev,
  type Model,
  object,
  oneHot,
  type Parameters,
  pixelNorm,
  type Preview,
  type PreviewRequest,
  randomNormal,
  tf,
  toImage,
  upsampleNearest,
} from "../../core/mod.ts";

/** The networks, and what the hooks need from them. */
interface ConditionalProgan extends Model {
  draw(z: tf.Tensor2D, labels: tf.Tensor1D, alpha: tf.Scalar | number): tf.Tensor4D;
  score(images: tf.Tensor4D, labels: tf.Tensor1D, alpha: tf.Scalar | number): tf.Tensor2D;
  grow(resolution: number): void;
  stabilize(): void;
}

interface Sizes {
  latentSize: number;
  width: number;
  classes: number;
  channels: number;
  start: number; // px a side
}

/** Two 3×3 convolutions. */
function pair(network: Parameters, name: string, width: number, act: ImageLayer): ImageLayer {
  const [a, b] = ["conv0", "conv1"].map((conv) =>
    equalizedConv2d(network.scope(name).scope(conv), { inChannels: width, outChannels: width })
  ) as [ImageLayer, ImageLayer];
  return (x) => act(b(act(a(x))));
}

function createModel(seed: number, sizes: Sizes): ConditionalProgan {
  const { latentSize, width, classes, channels, start } = sizes;
  const generator = createParameters("generator", seed);
  const discriminator = createParameters("discriminator", seed);
  const normalized: ImageLayer = (x) => pixelNorm(leakyRelu(x));
  const image = { featureChannels: width, imageChannels: channels };
  const at = (r: number) => ({
    r,
    toImage: toImage(generator.scope(`${r}px`).scope("to_image"), image),
    fromImage: fromImage(discriminator.scope(`${r}px`).scope("from_image"), image),
  });

  const dense = (
    network: Parameters,
    name: string,
    inFeatures: number,
    outFeatures: number,
    gain = 1,
  ) => equalizedDense(network.scope(name), { inFeatures, outFeatures, gain });
  const embed = dense(generator, "embed", classes, latentSize);
  // the gain of leaky ReLU
  const first = dense(generator, "dense", 2 * latentSize, width * start ** 2, Math.SQRT2);
  const entry = pair(generator, `${start}px`, width, normalized);
  const last = equalizedConv2d(discriminator.scope("last"), {
    inChannels: width + 1, // plus the minibatch standard deviation
    outChannels: width,
  });
  const summary = dense(discriminator, "summary", width * start ** 2, width, Math.SQRT2);
  const score = dense(discriminator, "score", width, 1);
  const projection = dense(discriminator, "projection", classes, width);

  const ups: ImageLayer[] = [], downs: ImageLayer[] = []; // oldest first; newest first
  let newest = at(start), fading: typeof newest | undefined;

  return {
    generator,
    discriminator,
    latentSize,
    generate(z, { labels, alpha }: GenerateOptions) {
      if (labels) return this.draw(z, labels, alpha);
      throw new TypeError("Cannot draw: expected a label for each image, received none");
    },
    draw(z, labels, alpha) {
      const input = tf.concat([pixelNorm(z), pixelNorm(embed(oneHot(labels, classes)))], 1);
      const grid = tf.reshape<tf.Rank.R4>(leakyRelu(first(input)), [-1, start, start, width]);
      let x = entry(grid), before = x;
      for (const up of ups) [before, x] = [x, up(upsampleNearest(x))];
      if (!fading) return newest.toImage(x);
      return lerp(upsampleNearest(fading.toImage(before)), newest.toImage(x), alpha);
    },
    score(images, labels, alpha) {
      let x = leakyRelu(newest.fromImage(images));
      downs.forEach((down, i) => {
        x = downsampleAverage(down(x));
        if (i === 0 && fading) {
          x = lerp(leakyRelu(fading.fromImage(downsampleAverage(images))), x, alpha);
        }
      });
      const features = leakyRelu(last(minibatchStddev(x)));
      const flat = tf.reshape<tf.Rank.R2>(features, [images.shape[0], -1]);
      const h = leakyRelu(summary(flat)); // [N, width]
      const ofClass = tf.sum(tf.mul(h, projection(oneHot(labels, classes))), 1, true);
      return tf.add(score(h), tf.div(ofClass, Math.sqrt(width)));
    },
    grow(resolution) {
      fading = newest;
      ups.push(pair(generator, `${resolution}px`, width, normalized));
      downs.unshift(pair(discriminator, `${resolution}px`, width, leakyRelu));
      newest = at(resolution);
    },
    stabilize() {
      if (!fading) return;
      generator.scope(`${fading.r}px`).scope("to_image").remove();
      discriminator.scope(`${fading.r}px`).scope("from_image").remove();
      fading = undefined;
    },
  };
}

/**
 * One row for each latent and one column for each class: shows what the class changes and what it
 * keeps.
 */
function classPreview(
  model: ConditionalProgan,
  { latents, count, alpha }: PreviewRequest,
  classes: number,
  batchSize: number,
): Preview {
  const rows = Math.max(1, Math.floor(count / classes));
  const z = tf.gather(
    latents!,
    Array.from({ length: rows * classes }, (_, i) => Math.floor(i / classes)),
  ); // models with a latentSize always get latents
  const labels = Array.from({ length: rows * classes }, (_, i) => i % classes);
  const images = inChunks(
    z,
    batchSize,
    (part, begin) =>
      model.draw(part, tf.tensor1d(labels.slice(begin, begin + part.shape[0]), "int32"), alpha),
  );
  return { images, columns: classes };
}

export default definePlugin({
  name: "conditional-progan",
  description: "ProGAN whose classes are the data's folders (example)",
  kind: "model",
  config: object({
    latentSize: field.integer("Length of z", 64, { minimum: 1 }),
    width: field.integer("Features of every layer", 32, { minimum: 1 }),
  }),
  presets: {
    "32px": {
      description: "32 px on two CPU cores",
      values: {
        resolution: 32,
        gamma: 1,
        sched: [
          "4:16:0.0015::8k",
          "8:16:0.0015:10k:15k",
          "16:16:0.0015:15k:25k",
          "32:16:0.0015:15k:100k",
        ],
      },
    },
  },
  defaultPreset: "32px",
  build({ config, run, dataset }) {
    const classes = dataset.labels.length;
    if (classes < 2) {
      throw new ConfigError(
        `Cannot train by class: expected data in two or more folders, received ${classes} labels`,
      );
    }
    const { channels } = dataset;
    return createModel(run.seed, { ...config, classes, channels, start: run.startResolution });
  },
  hooks: {
    grow: ({ model }, resolution) => model.grow(resolution),
    stabilize: ({ model }) => model.stabilize(),
    losses(context) {
      const { config, model, phase } = context;
      return adversarialTerms(context, {
        real: ({ tensors, alpha }) =>
          phase.kind === "fade" ? fadeReals(tensors.images, alpha) : tensors.images,
        fake({ size, tensors, alpha }) {
          // build() has checked that there are labels
          return model.draw(randomNormal([size, config.latentSize]), tensors.labels!, alpha);
        },
        score: (images, { tensors, alpha }) => model.score(images, tensors.labels!, alpha),
      });
    },
    preview: ({ model, dataset, phase }, request) =>
      classPreview(model, request, dataset.labels.length, phase.batchSize),
  },
});
