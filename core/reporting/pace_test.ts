import assert from "node:assert/strict";
import type { Phase } from "../schedule.ts";
import { createPace } from "./pace.ts";

const phase = (resolution: number, start: number, end: number) =>
  ({ resolution, start, end, kind: "stabilize" }) as Phase; // all that pace reads
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

Deno.test(
  "remaining() learns from two resolutions how much slower the next will be, within " +
    "bounds",
  () => {
    const pace = createPace();
    pace.add(8, 50, 50);
    pace.add(16, 10, 40); // four times as slow
    const next = 4 * 2 * Math.SQRT2; // between two and four times as slow as that
    assert.ok(Math.abs(pace.remaining(PHASES, 200, 300)! - 100 * next) < 1e-6);
    const further = next * 2 * 2 ** 0.25; // nearer to twice
    assert.ok(Math.abs(pace.remaining([phase(64, 0, 10)], 0, 10)! - 10 * further) < 1e-6);
    pace.add(16, 1000, 100_000); // a hundred times as slow: as four times
    assert.ok(Math.abs(pace.remaining(PHASES, 200, 300)! - 100 * 100 * 2 * Math.SQRT2) < 1e-6);
    assert.equal(pace.imagesPerSecond, 1 / 100);
  },
);
