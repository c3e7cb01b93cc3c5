/** Options: schemas, their fields, and how layers are resolved into one configuration. */
export * as field from "./field.ts";
export * from "./config_layer.ts";
export * from "./decay_periods.ts";
export { secondsOf } from "./duration.ts";
export { firstBlockOf } from "./first_block.ts";
export * from "./plan.ts";
export * from "./plan_budget.ts";
export * from "./resolve.ts";
export * from "./run_config.ts";
export { checkUsed, formatOverride, normalizedOverrides, parseOverride } from "./sched.ts";
export * from "./schema.ts";
