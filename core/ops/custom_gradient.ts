import * as tf from "@tensorflow/tfjs";
import "./first_gradients.ts";
import "./second_gradients.ts";

/**
 * Computes `forward(...inputs)` with a custom gradient. `forward` is not differentiated; `backward`
 * is, so an op is differentiable as often as the ops that its `backward` calls.
 * @param inputs all the tensors that the gradient depends on; they are saved for `backward`
 * @param forward from the inputs to the output
 * @param backward from the output's gradient and the inputs to one gradient per input
 * @returns the result of `forward`
 */
export function withGradient<Y extends tf.Tensor, X extends tf.Tensor[]>(
  inputs: readonly [...X],
  forward: (...inputs: X) => Y,
  backward: (dy: Y, ...inputs: X) => { [K in keyof X]: tf.Tensor },
): Y {
  const f = tf.customGrad<Y>((...args) => {
    // tfjs calls this with the inputs, followed by its save function.
    const save = args.at(-1) as tf.GradSaveFunc, xs = args.slice(0, -1) as X;
    save(xs);
    return {
      value: forward(...xs),
      gradFunc: (dy, saved) => backward(dy, ...saved as X), // saved are the inputs, in order
    };
  });
  return f(...inputs);
}

/**
 * Computes the linear map `forward(x)`, whose gradient is its adjoint; `x` need not be saved.
 * @param x the input
 * @param forward a linear map
 * @param adjoint its transpose, which must be differentiable itself
 * @returns `forward(x)`
 */
export function linear<X extends tf.Tensor, Y extends tf.Tensor>(
  x: X,
  forward: (x: X) => Y,
  adjoint: (dy: Y) => X,
): Y {
  const f = tf.customGrad<Y>((input) => ({
    value: forward(input as X), // the only input is x
    gradFunc: (dy) => adjoint(dy),
  }));
  return f(x);
}
