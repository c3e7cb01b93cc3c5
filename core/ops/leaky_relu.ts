import * as tf from "@tensorflow/tfjs";
import { linear, withGradient } from "./custom_gradient.ts";
import { runTensorflowOp } from "./tensorflow_op.ts";

/**
 * y = x where x > 0, slope · x elsewhere (Maas et al. 2013); slope 0 is ReLU. Differentiable any
 * number of times; at 0 the derivative is `slope`, as in PyTorch.
 * @param x any shape
 * @param slope of the negative side
 * @param gain multiplies the result, e.g. √2 to preserve the variance
 * @returns the shape of `x`
 */
export function leakyRelu<T extends tf.Tensor>(x: T, slope = 0.2, gain = 1): T {
  const y = withGradient(
    [x],
    (x) => slope === 0 ? tf.relu(x) : tf.leakyRelu(x, slope),
    (dy, x) => [slopeTimes(dy, x, slope)],
  );
  return gain === 1 ? y : tf.mul<T>(y, gain);
}

/**
 * dy · leakyRelu'(x): linear and self-adjoint in `dy`; its derivative with respect to `x` is 0
 * almost everywhere.
 */
function slopeTimes<T extends tf.Tensor>(dy: T, x: T, slope: number): T {
  return linear(
    dy,
    (dy) =>
      runTensorflowOp("LeakyReluGrad", [dy, x], { alpha: slope }) ??
        tf.mul<T>(dy, tf.step(x, slope)),
    (ddx) => slopeTimes(ddx, x, slope),
  );
}
