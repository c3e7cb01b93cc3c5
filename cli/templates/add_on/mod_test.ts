import { testPlugin } from "cambium/testing";
import plugin from "./mod.ts";

// Tested with a small model. See "How to test" in Cambium's plugins/README.md.
testPlugin(plugin);
