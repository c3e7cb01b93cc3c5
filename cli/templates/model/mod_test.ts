import { testPlugin } from "cambium/testing";
import plugin from "./mod.ts";

// Small networks keep the test fast. See "How to test" in Cambium's plugins/README.md.
testPlugin(plugin, { values: { latentSize: 4, width: 4 } });
