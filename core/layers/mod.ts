/** Re-exports. */
export * from "./adain.ts";
export * from "./constant_input.ts";
export * from "./equalized_conv2d.ts";
export * from "./equalized_dense.ts";
export * from "./image_channels.ts";
export * from "./initializers.ts";
export * from "./instance_norm.ts";
export * from "./minibatch_stddev.ts";
export * from "./modulated_conv2d.ts";
export * from "./noise.ts";
export * from "./parameters.ts";
export * from "./pixel_norm.ts";
export * from "./resample_conv2d.ts";
