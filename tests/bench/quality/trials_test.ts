import assert from "node:assert/strict";
import { processorSeconds, secondsOf } from "./processor_seconds.ts";
import { trialsMarkdown } from "./trials_markdown.ts";

Deno.test("processor seconds are user and system ticks, whatever the process is called", () => {
  const stat = "7 (a (b) c) S 1 7 7 0 -1 4194560 1 2 3 4 1250 250 9 9 20 0 5 0 100 1 1";
  assert.equal(secondsOf(stat), 15);
});

Deno.test("a process that computes has processor seconds", async () => {
  if (Deno.build.os !== "linux") {
    assert.equal(await processorSeconds(Deno.pid).stop(), null);
    return;
  }
  const watched = processorSeconds(Deno.pid);
  const seconds = await watched.stop();
  assert.ok(seconds !== null && seconds > 0);
});

Deno.test("trials are rows; levels stand where there are several", () => {
  const levels = (...values: number[]) => ({
    levels: values.map((value, i) => ({ resolution: 32 >> i, value })),
    average: values.reduce((a, b) => a + b) / values.length,
  });
  const features = [{
    features: "VGG-19 block 1",
    kid: { mean: 12.34 },
    samples: { coverage: 0.5 },
    reals: { coverage: 0.9 },
  }];
  const table = trialsMarkdown([
    {
      name: "default",
      processor: 60.4,
      figures: { imagesSeen: 12000, swd: levels(30, 40), swdFloor: levels(10), features },
    },
    {
      name: "other",
      processor: null,
      figures: { imagesSeen: 8, swd: levels(5), swdFloor: levels(4), features: [] },
    },
  ]).split("\n");
  assert.deepEqual(table.slice(2), [
    "| default | 12,000 | 60 | 35.0 (30.0, 40.0) | 10.0 | 12.3 | 0.50, 0.90 |",
    "| other | 8 |  | 5.0 | 4.0 |  |  |",
  ]);
});
