import assert from "node:assert/strict";
import { Command } from "commander";
import { addMachine } from "./machine_flags.ts";

Deno.test("--threads takes whole numbers of 1 or more", () => {
  const parse = (text: string) => {
    const command = new Command("doctor").exitOverride().configureOutput({ writeErr() {} });
    return addMachine(command).parse(["--threads", text], { from: "user" }).opts().threads;
  };
  assert.equal(parse("3"), 3);
  for (const text of ["0", "-1", "1.5", "many"]) assert.throws(() => parse(text), /--threads/);
});
