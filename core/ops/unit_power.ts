import * as tf from "@tensorflow/tfjs";
import { withGradient } from "./custom_gradient.ts";

/**
 * y = x / √(E[x²] + ε) over the last axis. Differentiable any number of times; first derivative: ∂x
 * = r · ∂y − r³ E[∂y x] · x, r = 1 / √(E[x²] + ε).
 * @param x [..., C]
 * @param epsilon ε
 * @returns the shape of `x`
 */
export function unitPower<T extends tf.Tensor>(x: T, epsilon = 1e-8): T {
  const f = tf.customGrad<T>((...args) => {
    const [x, save] = args as [T, tf.GradSaveFunc]; // the input and tfjs's save function
    const root = rootOf(x, epsilon); // [..., 1]
    save([x, root]);
    return {
      value: tf.mul<T>(x, root),
      gradFunc: (dy, saved) => {
        const [x, savedRoot] = saved as [T, tf.Tensor]; // as saved above
        const root = rootOf(x, epsilon, savedRoot);
        const product = tf.mean(tf.mul(dy, x), -1, true);
        const slope = tf.mul(tf.mul(root, tf.square(root)), product);
        return tf.sub(tf.mul(dy, root), tf.mul(x, slope));
      },
    };
  });
  return f(x);
}

/**
 * r = 1 / √(E[x²] + ε). If its value is given, it is computed again only for higher derivatives: ∂x
 * = −r³ x ∂r / C.
 */
function rootOf<T extends tf.Tensor>(x: T, epsilon: number, value?: tf.Tensor): tf.Tensor {
  return withGradient<tf.Tensor, [T]>(
    [x],
    (x) => value?.clone() ?? tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), epsilon)),
    (dy, x) => {
      const root = rootOf(x, epsilon), channels = x.shape.at(-1)!; // x is not a scalar
      return [tf.mul(x, tf.mul(tf.mul(root, tf.square(root)), tf.mul(dy, -1 / channels)))];
    },
  );
}
