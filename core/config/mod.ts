/** Options: schemas, their fields, and how layers of them become one configuration. */
export * as field from "./field.ts";
export * from "./config_layer.ts";
export * from "./decay_periods.ts";
export { secondsOf } from "./duration.ts";
export { firstBlockOf } from "./first_block.ts";
export * from "./plan.ts";
export * from "./plan_budget.ts";
export * from "./resolve.ts";
export * from "./run_config.ts";
export { checkUsed, formatOverride, parseOverride, spelledOut } from "./sched.ts";
export * from "./schema.ts";
