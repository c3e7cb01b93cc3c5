/** Frozen networks that others trained: features of images for losses and measurements. */
export * from "./efficientnet_lite0.ts";
export * from "./efficientnet_weights.ts";
export * from "./extractors.ts";
export * from "./torch_file.ts";
export * from "./vgg.ts";
export * from "./vgg_file.ts";
export * from "./vgg_weights.ts";
