import assert from "node:assert/strict";
import { shortened, trainedText } from "./print_run.ts";

Deno.test("a line of the log has its time short, whatever its level", () => {
  const time = "2026-11-26T14:26:01.123Z";
  assert.equal(shortened(`${time} info [3008] Finished`), "14:26 [3008] Finished");
  assert.equal(shortened(`${time} warning [3008] Odd`), "14:26 warning [3008] Odd");
  assert.equal(shortened(`${time} info ${"x".repeat(99)}`).length, 79);
});

Deno.test("one session is one, two are two", () => {
  assert.match(trainedText({ trainedSeconds: 61, sessions: 1 }), / in 1 session$/);
  assert.match(trainedText({ trainedSeconds: 61, sessions: 2 }), / in 2 sessions$/);
});
