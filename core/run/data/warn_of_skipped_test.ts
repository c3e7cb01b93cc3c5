import assert from "node:assert/strict";
import type { Notices } from "../notices.ts";
import { warnWhileDrawn } from "./warn_of_skipped.ts";

Deno.test("pictures skipped while drawn are named up to five, then counted by tens", () => {
  const warnings: string[] = [];
  const notices: Notices = { progress() {}, warn: (m) => warnings.push(m), log() {}, done() {} };
  const onSkipped = warnWhileDrawn(notices);
  for (let i = 1; i <= 120; i++) onSkipped({ path: `a.tar at byte ${i}`, reason: "damaged" });
  assert.equal(warnings.length, 7);
  assert.equal(warnings[4], "a.tar at byte 5 is skipped: damaged");
  assert.match(warnings[5]!, /^10 pictures are skipped by now, the last a\.tar at byte 10/);
  assert.match(warnings[6]!, /^100 pictures/);
});
