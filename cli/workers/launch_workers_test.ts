import assert from "node:assert/strict";
import { launchWorkers } from "./launch_workers.ts";

Deno.test({
  name: "where one worker can't be started, those that were are ended, and nothing stays open",
  sanitizeResources: true,
  sanitizeOps: true,
  fn: () =>
    assert.rejects(
      launchWorkers({
        places: () => new Map([[1, []], [2, ["no argument holds \0"]]]),
        ...{ argv: ["doctor"], restarts: 0, tell: () => {} },
      }),
      /nul/i,
    ),
});
