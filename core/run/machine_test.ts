import assert from "node:assert/strict";
import { selectBackend } from "../backend/mod.ts";
import type { Backend } from "../backend/types.ts";
import { isOpen, warnOfThreads } from "./machine.ts";

Deno.test(
  "more threads than processors are warned of, for they may be those of a resumed " +
    "run",
  () => {
    const warnings: string[] = [], notices = { warn: (text: string) => void warnings.push(text) };
    for (const threads of [undefined, 0, 1, 4]) warnOfThreads(threads, notices, 4);
    assert.deepEqual(warnings, []);
    warnOfThreads(5, notices, 4);
    assert.match(warnings.join(), /^--threads 5 is more than this machine's 4 processors/);
  },
);

Deno.test("a backend is a name or one that was opened; options in its place are refused", async () => {
  assert.equal(isOpen("cpu"), false);
  assert.equal(isOpen(undefined), false);
  assert.equal(isOpen(await selectBackend({ name: "cpu" })), true);
  for (const wrong of [{ threads: 2 }, {}]) {
    assert.throws(() => isOpen(wrong as unknown as Backend), TypeError); // as JavaScript might
  }
  assert.throws(
    () => isOpen({ threads: 2 } as unknown as Backend),
    /an object with threads\. threads, device/,
  );
});
