import assert from "node:assert/strict";
import { lintDocs } from "./doc_lint.ts";

Deno.test(
  "deno doc --lint finds nothing in what core, its tests for plugins, datasets and the " +
    "registry export",
  async () => {
    const { ours, foreign } = await lintDocs();
    assert.deepEqual(ours, []);
    assert.ok(foreign > 0, "the form of deno doc's answer has changed");
  },
);
