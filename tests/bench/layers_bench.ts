/** Benchmarks of layers with their gradients, op by op. */
import * as tf from "@tensorflow/tfjs";
import {
  adain,
  createParameters,
  equalizedConv2d,
  equalizedDense,
  minibatchStddev,
} from "../../core/layers/mod.ts";
import "./backend.ts";

const parameters = createParameters("bench", 1);
const x = tf.randomNormal([16, 32, 32, 64]) as tf.Tensor4D;
const w = tf.randomNormal([16, 128]) as tf.Tensor2D;
const convolve = equalizedConv2d(parameters.scope("conv"), { inChannels: 64, outChannels: 64 });
const dense = equalizedDense(parameters.scope("dense"), { inFeatures: 128, outFeatures: 128 });
const style = adain(parameters.scope("adain"), { channels: 64, styleFeatures: 128 });

/** Computes the output and the gradients with respect to input and weights. */
async function measured(fn: () => tf.Tensor): Promise<void> {
  const { value, grads } = tf.variableGrads(() => tf.sum(fn()) as tf.Scalar);
  await value.data();
  tf.dispose([value, grads]);
}

const group = "layers, forward and backward";
Deno.bench(
  "equalizedConv2d 64→64, 32 px",
  { group, baseline: true },
  async () => await measured(() => convolve(x)),
);
Deno.bench("adain 64, 32 px", { group }, async () => await measured(() => style(x, w)));
Deno.bench("equalizedDense 128→128", { group }, async () => await measured(() => dense(w)));
Deno.bench(
  "minibatchStddev",
  { group },
  async () => await measured(() => convolve(minibatchStddev(x).slice([0, 0, 0, 1]))),
);
