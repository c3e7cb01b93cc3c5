/** The plugin API. */
export * from "./check_panel.ts";
export * from "./define.ts";
export * from "./define_command.ts";
export * from "./driver.ts";
export { expectScalar } from "./expect_answer.ts";
export * from "./plugin_error.ts";
export * from "./explore.ts";
export type * from "./exported.ts";
export * from "./hook_kinds.ts";
export * from "./opened_run.ts";
export * from "./panels.ts";
export * from "./plugin.ts";
export * from "./run_plugins.ts";
export * from "./hooks.ts";
export * from "./model.ts";
export * from "./step.ts";
