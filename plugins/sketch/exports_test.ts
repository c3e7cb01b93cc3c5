import assert from "node:assert/strict";
import { selectBackend } from "../../core/backend/mod.ts";
import { sketchExports } from "./exports.ts";
import { openedTestRun, testTraining } from "./test_run.ts";

const backend = await selectBackend({ name: "cpu" });

Deno.test("a run with boxes is exported in steps, which are told; one without as it draws", () => {
  const exported = (values: Record<string, unknown>) => {
    const training = testTraining(backend, values);
    try {
      return sketchExports(openedTestRun(training));
    } finally {
      training.dispose();
    }
  };
  const whole = exported({ layout: "whole" }), boxes = exported({ layout: "boxes" });
  assert.deepEqual([whole.kind, Object.keys(whole.functions)], ["complete", [
    "complete",
    "next_part",
  ]]);
  assert.deepEqual(Object.keys(boxes.functions), ["complete", "plan", "next_part"]);
  assert.ok(boxes.kind === "place");
  assert.match(
    boxes.steps,
    /logits \/ 0\.5\)[^]*longer of the box's divided by 0\.75, at least 1\/8[^]*`end`/,
  );
  const unending = exported({ layout: "boxes", blank: "no" });
  assert.ok(unending.kind === "place" && !unending.steps.includes("`end`"));
});
