/** Tests that every plugin should pass: `import { testPlugin } from "cambium/testing"`. Not loaded in training. */
export * from "./check.ts";
export * from "./test_plugin.ts";
export * from "./tiny_model.ts";
