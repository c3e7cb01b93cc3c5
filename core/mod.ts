/** Cambium's core: what plugins, the command line and the dashboard build on. Knows no plugin. */
export * as tf from "@tensorflow/tfjs";
export * from "./backend/mod.ts";
export * from "./checkpoint/mod.ts";
export * from "./config/mod.ts";
export * from "./data.ts";
export * from "./events.ts";
export * from "./layers/mod.ts";
export * from "./losses/mod.ts";
export * from "./losses/adversarial_terms.ts";
export * from "./ops/mod.ts";
export * from "./optim/mod.ts";
export * from "./plugin/mod.ts";
export * from "./random.ts";
export * from "./schedule.ts";
export * from "./text.ts";
export * from "./trainer/mod.ts";
