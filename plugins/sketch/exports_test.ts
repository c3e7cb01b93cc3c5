import assert from "node:assert/strict";
import { selectBackend } from "../../core/backend/mod.ts";
import { sketchExports } from "./exports.ts";
import { openedTestRun, testTraining } from "./test_run.ts";

const backend = await selectBackend({ name: "cpu" });

Deno.test("a run with boxes isn't exported, and what to do is said; one without is", () => {
  const exported = (layout: string) => {
    const training = testTraining(backend, { layout });
    try {
      return sketchExports(openedTestRun(training));
    } finally {
      training.dispose();
    }
  };
  assert.throws(() => exported("boxes"), /Cannot export a run with boxes: .* --layout whole/);
  assert.deepEqual(Object.keys(exported("whole").functions), ["complete", "next_part"]);
});
