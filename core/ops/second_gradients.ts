/**
 * Corrects gradients of tfjs 4.22 that are missing or wrong when differentiated again; importing
 * this module is enough.
 *
 * tfjs's gradients of tanh, sigmoid, exp, elu, softmax, and of powers with respect to the exponent
 * read the op's saved output, which its tape does not trace back to the input: terms of the second
 * derivative are lost without an error. Here they are computed from the input. tfjs lacks the
 * gradient of a convolution's filter gradient.
 */
import * as tf from "@tensorflow/tfjs";

/** Attributes of tfjs's kernels for convolutions. */
interface ConvolutionAttributes {
  strides: [number, number] | number;
  pad: "same" | "valid" | number;
}

function fromInput(
  kernelName: string,
  input: string,
  gradient: (dy: tf.Tensor, x: tf.Tensor) => tf.Tensor,
): void {
  tf.registerGradient({
    kernelName,
    inputsToSave: [input],
    gradFunc: (dy, saved) => ({
      // these kernels have one output, and save one input
      [input]: () => gradient(dy as tf.Tensor, saved[0]!),
    }),
  });
}

fromInput("Tanh", "x", (dy, x) => tf.mul(dy, tf.sub(1, tf.square(tf.tanh(x)))));

fromInput("Sigmoid", "x", (dy, x) => {
  const y = tf.sigmoid(x);
  return tf.mul(dy, tf.sub(y, tf.square(y)));
});

fromInput("Exp", "x", (dy, x) => tf.mul(dy, tf.exp(x)));

// exp(min(x, 0)): 1 where x > 0
fromInput("Elu", "x", (dy, x) => tf.mul(dy, tf.exp(tf.neg(tf.relu(tf.neg(x))))));

// over the last axis, the only one that tfjs supports
fromInput("Softmax", "logits", (dy, logits) => {
  const y = tf.softmax(logits), product = tf.mul(dy, y);
  return tf.sub(product, tf.mul(tf.sum(product, -1, true), y));
});

tf.registerGradient({
  kernelName: "Pow",
  inputsToSave: ["a", "b"],
  gradFunc(dy, saved) {
    const [a, b] = saved as [tf.Tensor, tf.Tensor]; // inputsToSave
    const summed = (gradient: tf.Tensor, x: tf.Tensor) => {
      const axes = tf.broadcast_util.getReductionAxes(x.shape, gradient.shape);
      return tf.reshape(axes.length > 0 ? tf.sum(gradient, axes) : gradient, x.shape);
    };
    const each = (slope: tf.Tensor) => tf.mul(dy as tf.Tensor, slope); // one output
    return {
      a: () => {
        const exponent = tf.cast(b, "float32");
        return summed(each(tf.mul(exponent, tf.pow(a, tf.sub(exponent, 1)))), a);
      },
      b: () => {
        const positive = tf.step(a); // elsewhere the logarithm counts as 0, as in tfjs
        const log = tf.log(tf.add(tf.mul(a, positive), tf.sub(1, positive)));
        return summed(each(tf.mul(tf.pow(a, b), log)), b);
      },
    };
  },
});

tf.registerGradient({
  kernelName: "Conv2DBackpropFilter",
  inputsToSave: ["x", "dy"],
  gradFunc(ddw, saved, attributes) {
    const [x, dy] = saved as [tf.Tensor4D, tf.Tensor4D]; // inputsToSave
    const filter = ddw as tf.Tensor4D; // the kernel's only output has the filter's shape
    const { strides, pad } = attributes as unknown as ConvolutionAttributes; // this kernel's
    return {
      x: () => tf.conv2dTranspose(dy, filter, x.shape, strides, pad),
      dy: () => tf.conv2d(x, filter, strides, pad),
    };
  },
});
