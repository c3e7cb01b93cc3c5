/** Frozen pretrained networks: image features for losses and metrics. */
export * from "./efficientnet_lite0.ts";
export * from "./efficientnet_weights.ts";
export * from "./extractors.ts";
export * from "./feature_distance.ts";
export * from "./k_means.ts";
export * from "./torch_file.ts";
export { perceptualDistance, VGG_FEATURES, VGG_SHAPES, vggFeatures } from "./vgg.ts";
export type { VggFeature, VggName, VggWeights } from "./vgg.ts";
export * from "./vgg_encoder.ts";
export { encodeVgg, parseVgg } from "./vgg_file.ts";
export * from "./vgg_weights.ts";
