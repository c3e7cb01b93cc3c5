/**
 * Tests that every plugin should pass, and help for its own: `import { testPlugin } from
 * "cambium/testing"`. Not loaded in training.
 */
export * from "./check.ts";
export * from "./command_context.ts";
export * from "./test_plugin.ts";
export * from "./tiny_model.ts";
export * from "./with_folder.ts";
