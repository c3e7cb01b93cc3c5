/** The arithmetic of a step's convolutions, and this machine's speed of convolutions. */
import * as tf from "@tensorflow/tfjs";
import type { Backend } from "../../../core/backend/mod.ts";
import type { Parameters } from "../../../core/layers/mod.ts";
import type { TrainingState } from "../../../core/trainer/mod.ts";

/**
 * Floating-point operations of the 3×3 convolutions in a StyleGAN step without penalty. The
 * discriminator's step runs the generator forward, and the discriminator twice, each with gradients
 * of input and weights. The generator's step runs the generator with both gradients, and the
 * discriminator with that of its input.
 * @param training in a stabilization phase
 */
export function convolutionFlops(training: TrainingState, batchSize: number): number {
  const generator = forwardFlops(training.model.generator, "conv/weight", "layer");
  const discriminator = forwardFlops(training.model.discriminator, "weight", "conv");
  return batchSize * (generator * (1 + 3) + discriminator * (2 * 3 + 2));
}

/**
 * Forward operations for one image: 2 · 9 · in · out at each pixel of the resolution in the path;
 * where a block changes the resolution, 2 · 16 · in · out at a quarter of them (a single strided
 * convolution).
 */
function forwardFlops(parameters: Parameters, ending: string, part: string): number {
  return parameters.trainable()
    .filter(({ path, variable }) =>
      path.endsWith(ending) && path.includes(part) && variable.rank === 4 && variable.shape[0] === 3
    )
    .reduce((sum, { path, variable }) => {
      // both networks name their blocks in this way
      const side = Number(/\/(\d+)px\//.exec(path)?.[1]);
      const resamples = /\/(layer0\/conv|conv1)\//.test(path);
      return sum + 2 * variable.size * side * side * (resamples ? 4 / 9 : 1);
    }, 0);
}

/** Operations per second of a large convolution, the best of ten runs. */
export async function peakFlops(backend: Backend): Promise<number> {
  const [n, side, channels, repeats] = [16, 64, 128, 4] as const;
  const x = tf.randomNormal([n, side, side, channels]) as tf.Tensor4D;
  const filters = Array.from(
    { length: repeats },
    () => tf.randomNormal([3, 3, channels, channels]) as tf.Tensor4D,
  );
  const compiled = backend.compile("peak", ({ x }) => ({
    y: tf.addN(
      filters.map((filter) => tf.mean(tf.conv2d(x as tf.Tensor4D, filter, 1, "same"))),
    ),
  }));
  let best = Infinity;
  for (let i = 0; i < 11; i++) {
    const { y } = await compiled.run({ x }, [0, i]);
    y!.dispose(); // the function returns y
    best = Math.min(best, compiled.libraryMilliseconds);
  }
  compiled.dispose();
  tf.dispose([x, filters]);
  return repeats * 2 * 9 * channels * channels * n * side * side / best * 1000;
}
