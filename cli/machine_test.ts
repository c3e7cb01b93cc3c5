import assert from "node:assert/strict";
import { Command } from "commander";
import { addMachine, warnOfThreads } from "./machine.ts";

Deno.test("--threads takes whole numbers of 1 or more", () => {
  const parse = (text: string) => {
    const command = new Command("doctor").exitOverride().configureOutput({ writeErr() {} });
    return addMachine(command).parse(["--threads", text], { from: "user" }).opts().threads;
  };
  assert.equal(parse("3"), 3);
  for (const text of ["0", "-1", "1.5", "many"]) assert.throws(() => parse(text), /--threads/);
});

Deno.test("more threads than processors are warned of, for they may be those of a resumed run", () => {
  const warnings: string[] = [], status = { warn: (text: string) => void warnings.push(text) };
  for (const threads of [undefined, 0, 1, 4]) warnOfThreads(threads, status, 4);
  assert.deepEqual(warnings, []);
  warnOfThreads(5, status, 4);
  assert.match(warnings.join(), /^--threads 5 are more than this machine's 4 processors/);
});
