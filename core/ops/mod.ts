/** Re-exports. */
import "./second_gradients.ts";
export * from "./absolute.ts";
export * from "./blur.ts";
export * from "./clamp.ts";
export * from "./custom_gradient.ts";
export * from "./downsample_average.ts";
export * from "./gradient_of.ts";
export * from "./instance_normalize.ts";
export * from "./instance_statistics.ts";
export * from "./leaky_relu.ts";
export * from "./lerp.ts";
export * from "./maximum.ts";
export * from "./resample_kernel.ts";
export * from "./resize_matrix.ts";
export * from "./sum_of_squares.ts";
export * from "./unit_power.ts";
export * from "./upsample_bilinear.ts";
export * from "./upsample_nearest.ts";
