import { testPlugin } from "cambium/testing";
import plugin from "./mod.ts";

// Joined to a small model that comes with the test. See "How to test" in Cambium's plugins/README.md.
testPlugin(plugin);
