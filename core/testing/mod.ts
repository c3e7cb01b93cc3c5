/**
 * Tests that every plugin should pass, and helpers for a plugin's own tests: `import { testPlugin }
 * from "cambium/testing"`. Not loaded during training.
 */
export * from "./check.ts";
export * from "./command_context.ts";
export * from "./test_plugin.ts";
export * from "./tiny_model.ts";
export * from "./with_folder.ts";
