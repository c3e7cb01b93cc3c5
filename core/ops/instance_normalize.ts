import * as tf from "@tensorflow/tfjs";
import { linear, withGradient } from "./custom_gradient.ts";
import { instanceStatistics } from "./instance_statistics.ts";

/**
 * y = scale · (x − μ) / √(σ² + ε) + offset, with μ and σ² of each channel of each sample.
 * Differentiable any number of times; the first backward pass takes about half the operations of
 * the composition:
 *
 *     x̂ = (x − μ) r, r = 1 / √(σ² + ε):   ∂x = scale · r · (∂y − E[∂y] − x̂ E[∂y x̂])
 *
 * @param x [N, H, W, C]
 * @param scale [N, 1, 1, C]
 * @param offset [N, 1, 1, C]
 * @param epsilon ε
 * @returns [N, H, W, C]
 */
export function instanceNormalize(
  x: tf.Tensor4D,
  scale: tf.Tensor4D,
  offset: tf.Tensor4D,
  epsilon = 1e-5,
): tf.Tensor4D {
  const area = x.shape[1] * x.shape[2];
  const f = tf.customGrad<tf.Tensor4D>((...args) => {
    const save = args.pop() as tf.GradSaveFunc; // the last argument, after the inputs
    const [x, scale, offset] = args as tf.Tensor4D[] as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
    const { mean, variance } = instanceStatistics(x);
    const centered = tf.sub<tf.Tensor4D>(x, mean);
    const root = tf.rsqrt(tf.add<tf.Tensor4D>(variance, epsilon)); // [N, 1, 1, C]
    save([x, scale, centered, root]);
    return {
      value: tf.add<tf.Tensor4D>(tf.mul(centered, tf.mul(root, scale)), offset),
      gradFunc: (dy, saved) => backward(dy, saved as tf.Tensor4D[], area, epsilon),
    };
  });
  return f(x, scale, offset);
}

function backward(
  dy: tf.Tensor4D,
  saved: tf.Tensor4D[],
  area: number,
  epsilon: number,
): tf.Tensor[] {
  const [x, scale, savedCentered, savedRoot] = saved as [
    tf.Tensor4D,
    tf.Tensor4D,
    tf.Tensor4D,
    tf.Tensor4D,
  ]; // as saved above
  const centered = linear(x, () => savedCentered.clone<tf.Tensor4D>(), center);
  const root = rootOf(x, epsilon, savedRoot);
  const meanDy = tf.mean(dy, [1, 2], true); // E[∂y]
  const meanProduct = tf.mul(tf.mean(tf.mul(dy, centered), [1, 2], true), root); // E[∂y x̂]
  const factor = tf.mul(scale, root);
  const slope = tf.neg(tf.mul(tf.mul(factor, root), meanProduct)), shift = tf.mul(factor, meanDy);
  const dx = tf.sub(tf.add(tf.mul(dy, factor), tf.mul(centered, slope)), shift);
  return [dx, tf.mul(meanProduct, area), tf.mul(meanDy, area)];
}

/** x − μ, which is self-adjoint. */
function center(x: tf.Tensor4D): tf.Tensor4D {
  return tf.sub(x, tf.mean(x, [1, 2], true));
}

/**
 * r = 1 / √(σ² + ε). If its value is given, it is computed again only for higher derivatives: ∂x =
 * −r³ (x − μ) ∂r / HW.
 */
function rootOf(x: tf.Tensor4D, epsilon: number, value?: tf.Tensor4D): tf.Tensor4D {
  return withGradient<tf.Tensor4D, [tf.Tensor4D]>(
    [x],
    (x) => value?.clone() ?? tf.rsqrt(tf.add<tf.Tensor4D>(instanceStatistics(x).variance, epsilon)),
    (dy, x) => {
      const root = rootOf(x, epsilon), area = x.shape[1] * x.shape[2];
      const slope = tf.mul(tf.mul(root, tf.square(root)), tf.mul(dy, -1 / area));
      return [tf.mul(center(x), slope)];
    },
  );
}
