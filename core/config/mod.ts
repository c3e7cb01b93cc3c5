/** Options: schemas, their fields, and how layers of them become one configuration. */
export * as field from "./field.ts";
export * from "./config_layer.ts";
export { firstBlockOf } from "./first_block.ts";
export * from "./plan.ts";
export * from "./resolve.ts";
export * from "./run_config.ts";
export { checkUsed, spelledOut } from "./sched.ts";
export * from "./schema.ts";
