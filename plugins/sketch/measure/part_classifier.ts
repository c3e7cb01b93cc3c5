/** A small classifier of parts, trained on real ones to judge drawn ones. */
import {
  type Backend,
  type BatchLoader,
  createAdam,
  createParameters,
  downsampleAverage,
  equalizedConv2d,
  equalizedDense,
  leakyRelu,
  lossGradients,
  oneHot,
  type Parameters,
  seedFor,
  tf,
} from "../../../core/mod.ts";

/** Tells the class of parts. */
export interface PartClassifier {
  /** @returns the likeliest class of each part [N, R, R, 1] in [-1, 1] */
  classify(parts: tf.Tensor4D): Int32Array;
  dispose(): void;
}

/** How to train one. */
export interface ClassifierOptions {
  backend: Backend;
  resolution: number; // px a side
  classes: number;
  steps: number;
  seed: number;
  onProgress?(fraction: number): void;
}

/** Features of its convolutions. */
const WIDTH = 24;

/**
 * Trains a classifier: 3×3 convolutions and 2×2 averages down to 4 px, then one dense layer;
 * cross-entropy, Adam.
 * @param loader of training pairs with labels, at `options.resolution`
 */
export async function trainPartClassifier(
  loader: BatchLoader,
  options: ClassifierOptions,
): Promise<PartClassifier> {
  const { backend, classes, steps, seed } = options;
  const parameters = createParameters("classifier", seed);
  const logits = network(parameters, options);
  const optimizer = createAdam(parameters.trainable(), { beta1: 0.9, beta2: 0.99, epsilon: 1e-8 });
  const step = backend.compile("classifier", ({ parts, labels, rate }) => {
    const { value, gradients } = lossGradients(() => {
      const wanted = oneHot(labels as tf.Tensor1D, classes); // given below
      // as above
      const likelihood = tf.sum(tf.mul(wanted, tf.logSoftmax(logits(parts as tf.Tensor4D))), 1);
      return tf.neg(tf.mean<tf.Scalar>(likelihood));
    }, parameters.trainable());
    optimizer.apply(gradients, rate as tf.Scalar); // given below
    return { value };
  });
  try {
    for (let i = 0; i < steps; i++) {
      const { part, labels } = await loader.next();
      if (!part || !labels) {
        throw new TypeError("Cannot train a classifier: expected parts with labels, received none");
      }
      const inputs = {
        parts: tf.tensor(part.data, part.shape),
        labels: tf.tensor(labels.data, labels.shape, "int32"),
        rate: tf.scalar(0.003 * (1 - i / steps)),
      };
      const outputs = await step.run(inputs, seedFor(seed, "classifier", i));
      tf.dispose([inputs, outputs]);
      options.onProgress?.((i + 1) / steps);
    }
  } finally {
    step.dispose();
    optimizer.dispose();
  }
  return {
    // argMax is int32
    classify: (parts) => tf.tidy(() => tf.argMax(logits(parts), 1).dataSync() as Int32Array),
    dispose: () => parameters.remove(),
  };
}

function network(parameters: Parameters, { resolution, classes }: ClassifierOptions) {
  const convolutions: ((x: tf.Tensor4D) => tf.Tensor4D)[] = [];
  for (let r = resolution; r > 4; r /= 2) {
    convolutions.push(equalizedConv2d(parameters.scope(`${r}px`), {
      inChannels: r === resolution ? 1 : WIDTH,
      outChannels: WIDTH,
    }));
  }
  const features = 16 * (resolution > 4 ? WIDTH : 1);
  const dense = equalizedDense(parameters.scope("dense"), {
    inFeatures: features,
    outFeatures: classes,
    gain: 1,
  });
  return (parts: tf.Tensor4D): tf.Tensor2D => {
    const x = convolutions.reduce((y, conv) => downsampleAverage(leakyRelu(conv(y))), parts);
    return dense(tf.reshape(x, [-1, features]));
  };
}
