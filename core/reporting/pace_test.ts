import assert from "node:assert/strict";
import type { Phase } from "../schedule.ts";
import { createPace } from "./pace.ts";

const phase = (resolution: number, start: number, end: number) =>
  ({ resolution, start, end, kind: "stabilize" }) as Phase; // no other fields are read
const PHASES = [phase(8, 0, 100), phase(16, 100, 200), phase(32, 200, 300)];

Deno.test("remaining() is null before anything was counted", () => {
  assert.equal(createPace().remaining(PHASES, 0, 300), null);
});

Deno.test(
  "remaining() takes measured resolutions as they were, and others as twice as slow " +
    "each",
  () => {
    const pace = createPace();
    pace.add(8, 50, 50); // a second an image
    assert.equal(pace.remaining(PHASES, 50, 300), 50 * 1 + 100 * 2 + 100 * 4);
    assert.equal(pace.remaining(PHASES, 50, 150), 50 * 1 + 50 * 2);
  },
);

Deno.test("remaining() guesses by the resolutions' relative times where they are known", () => {
  const pace = createPace({ relativeTimes: new Map([[8, 10], [16, 20], [32, 80]]) });
  pace.add(16, 50, 50);
  assert.equal(pace.remaining(PHASES, 200, 300), 100 * 4);
  assert.equal(pace.remaining(PHASES, 0, 100), 100 / 2, "a run that went back");
  assert.equal(pace.remaining([phase(64, 0, 10)], 0, 10), 10 * 4, "of 64 px nothing is known");
  pace.add(32, 10, 30);
  assert.equal(pace.remaining(PHASES, 200, 300), 100 * 3, "what was measured needs no guess");
  assert.equal(pace.imagesPerSecond, 1 / 3);
});

Deno.test("a machine that slept is as fast as it was; one that stays slow is not", () => {
  const pace = createPace();
  for (let i = 0; i < 10; i++) pace.add(8, 8, 1);
  pace.add(8, 8, 3600);
  assert.equal(pace.imagesPerSecond, 8);
  pace.add(8, 8, 1);
  pace.add(8, 8, 3600);
  assert.equal(pace.imagesPerSecond, 8);
  pace.add(8, 8, 3600);
  assert.equal(pace.imagesPerSecond, 8 / 3600);
});
