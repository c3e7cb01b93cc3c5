import assert from "node:assert/strict";
import { createSteadyLine, progressBar } from "./steady_line.ts";

/** What a terminal shows after the control characters that move within one line. */
function shown(written: string): string[] {
  // Only what follows the last clearing of a line remains visible.
  return written.split("\n").map((line) => line.split("\r\x1b[K").at(-1) ?? "");
}

Deno.test("lines that stay stand above the steady one, which is cut to the width", () => {
  let written = "";
  const line = createSteadyLine((text) => void (written += text), () => 10);
  line.progress("a steady line that is long");
  line.log("first");
  line.log("second");
  assert.deepEqual(shown(written), ["first", "second", "a steady "]);
  line.done();
  line.log("last");
  assert.deepEqual(shown(written), ["first", "second", "last", ""]);
});

Deno.test("progressBar() fills cells by the fraction and keeps inside", () => {
  assert.deepEqual([0, 0.5, 1, 7].map((f) => progressBar(f, 4)), ["░░░░", "██░░", "████", "████"]);
});
