import assert from "node:assert/strict";
import { warnOfThreads } from "./machine.ts";

Deno.test(
  "more threads than processors are warned of, for they may be those of a resumed " +
    "run",
  () => {
    const warnings: string[] = [], notices = { warn: (text: string) => void warnings.push(text) };
    for (const threads of [undefined, 0, 1, 4]) warnOfThreads(threads, notices, 4);
    assert.deepEqual(warnings, []);
    warnOfThreads(5, notices, 4);
    assert.match(warnings.join(), /^--threads 5 are more than this machine's 4 processors/);
  },
);
