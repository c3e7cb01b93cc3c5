/**
 * Mends gradients of tfjs 4.22 that are missing or wrong when differentiated again; importing it is
 * enough.
 *
 * tfjs's gradients of tanh, sigmoid, exp and softmax read the op's saved output, which its tape
 * does not trace back to the input: terms of the second gradient are lost without an error. Here
 * they are computed from the input. The gradient of a convolution's gradient by the filter does not
 * exist in tfjs.
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
      // These kernels have one output, and save one input.
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

// Over the last axis: tfjs has no other.
fromInput("Softmax", "logits", (dy, logits) => {
  const y = tf.softmax(logits), product = tf.mul(dy, y);
  return tf.sub(product, tf.mul(tf.sum(product, -1, true), y));
});

tf.registerGradient({
  kernelName: "Conv2DBackpropFilter",
  inputsToSave: ["x", "dy"],
  gradFunc(ddw, saved, attributes) {
    const [x, dy] = saved as [tf.Tensor4D, tf.Tensor4D]; // inputsToSave
    const filter = ddw as tf.Tensor4D; // the kernel's only output has the filter's shape
    const { strides, pad } = attributes as unknown as ConvolutionAttributes; // of this kernel
    return {
      x: () => tf.conv2dTranspose(dy, filter, x.shape, strides, pad),
      dy: () => tf.conv2d(x, filter, strides, pad),
    };
  },
});
