export * from "./adam.ts";
export * from "./apply_update.ts";
export * from "./clip_weights.ts";
export * from "./ema.ts";
export * from "./gradients.ts";
export * from "./optimizer.ts";
export * from "./rmsprop.ts";
export * from "./slots.ts";
