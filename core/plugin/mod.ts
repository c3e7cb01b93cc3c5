/** The plugin API. */
export * from "./define.ts";
export * from "./driver.ts";
export * from "./error.ts";
export * from "./explore.ts";
export * from "./hook_kinds.ts";
export * from "./plugin.ts";
export * from "./types.ts";
