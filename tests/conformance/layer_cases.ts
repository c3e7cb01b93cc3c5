/** Core's layers; each is differentiated twice with respect to its inputs and its variables. */
import * as tf from "@tensorflow/tfjs";
import * as layers from "../../core/layers/mod.ts";
import type { Input, OpCase } from "./op_case.ts";

const image: Input = { shape: [2, 4, 4, 3] };
const convolution: Input[] = [image, { shape: [3, 3, 3, 2] }, { shape: [2] }];
const sizes = { inChannels: 3, outChannels: 2 };

/** Parameters that give a layer these tensors as its variables, in the order of creation. */
function parametersOf(tensors: readonly tf.Tensor[]): layers.Parameters {
  let next = 0;
  const tree: layers.Parameters = {
    path: "layer",
    scope: () => tree,
    variable: () => tensors[next++] as never, // layers only compute with it
    variables: () => [],
    trainable: () => [],
    remove: () => {},
  };
  return tree;
}

/**
 * @param inputs of the layer, then its variables
 * @param count number of inputs
 */
function layerCase(
  name: string,
  inputs: readonly Input[],
  build: (parameters: layers.Parameters) => (...inputs: never[]) => tf.Tensor,
  count = 1,
): OpCase {
  return {
    name: `core ${name}`,
    inputs,
    second: true,
    run: (tensors) => {
      const layer = build(parametersOf(tensors.slice(count)));
      // they have the ranks that the layer expects
      const given = tensors.slice(0, count) as never[];
      return tf.square(layer(...given)); // makes each second gradient depend on each input
    },
  };
}

export const LAYERS: readonly OpCase[] = [
  layerCase("equalizedConv2d", convolution, (p) => layers.equalizedConv2d(p, sizes)),
  layerCase(
    "equalizedConv2d stride 2",
    convolution,
    (p) => layers.equalizedConv2d(p, { ...sizes, stride: 2, padding: "valid" }),
  ),
  layerCase(
    "equalizedDense",
    [{ shape: [4, 3] }, { shape: [3, 2] }, { shape: [2] }],
    (p) => layers.equalizedDense(p, { inFeatures: 3, outFeatures: 2 }),
  ),
  layerCase(
    "toImage",
    [image, { shape: [1, 1, 3, 2] }, { shape: [2] }],
    (p) => layers.toImage(p, { featureChannels: 3, imageChannels: 2 }),
  ),
  layerCase(
    "fromImage",
    [image, { shape: [1, 1, 3, 4] }, { shape: [4] }],
    (p) => layers.fromImage(p, { featureChannels: 4, imageChannels: 3 }),
  ),
  ...[true, false].flatMap((blur) => [
    layerCase(
      `upsampleConv2d ${blur ? "with" : "without"} blur`,
      convolution,
      (p) => layers.upsampleConv2d(p, { ...sizes, blur }),
    ),
    layerCase(
      `downsampleConv2d ${blur ? "with" : "without"} blur`,
      convolution,
      (p) => layers.downsampleConv2d(p, { ...sizes, blur }),
    ),
  ]),
  layerCase("pixelNorm", [image], () => (x: tf.Tensor) => layers.pixelNorm(x)),
  layerCase("instanceNorm", [image], () => (x: tf.Tensor4D) => layers.instanceNorm(x, 0.1)),
  layerCase(
    "adain",
    [image, { shape: [2, 5] }, { shape: [5, 6] }, { shape: [6] }],
    (p) => layers.adain(p, { channels: 3, styleFeatures: 5, epsilon: 0.1 }),
    2,
  ),
  layerCase(
    "noise",
    [image, { shape: [2, 4, 4, 1] }, { shape: [3] }],
    (p) => layers.noise(p, 3),
    2,
  ),
  layerCase(
    "minibatchStddev",
    [{ shape: [6, 2, 2, 3] }],
    () => (x: tf.Tensor4D) => layers.minibatchStddev(x),
  ),
  layerCase(
    "constantInput",
    [{ shape: [1, 4, 4, 2] }],
    (p) => {
      const layer = layers.constantInput(p, { channels: 2 });
      return () => layer(3);
    },
    0,
  ),
];
