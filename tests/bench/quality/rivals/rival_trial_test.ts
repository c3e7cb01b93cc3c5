import assert from "node:assert/strict";
import { trialsMarkdown } from "../trials_markdown.ts";
import { rivalTrial } from "./rival_trial.ts";

Deno.test("a rival's row counts its own images, a run of ours those of the run", () => {
  const figures = {
    imagesSeen: 120_000,
    swd: { levels: [{ resolution: 16, value: 30 }], average: 30 },
    swdFloor: { levels: [{ resolution: 16, value: 10 }], average: 10 },
    features: [],
  };
  const rival = { rival: "fastgan", imagesSeen: 8_000, processorSeconds: 3_599.6 };
  const rows = trialsMarkdown([
    rivalTrial(figures, rival, "ignored"),
    rivalTrial(figures, undefined, "ours"),
  ]).split("\n").slice(2);
  assert.deepEqual(rows, [
    "| fastgan | 8,000 | 3600 | 30.0 | 10.0 |",
    "| ours | 120,000 |  | 30.0 | 10.0 |",
  ]);
});
