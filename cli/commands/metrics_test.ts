import assert from "node:assert/strict";
import { Command } from "commander";
import { register } from "./metrics.ts";

Deno.test("metrics has no seed, weights or split unless they are given", () => {
  const program = new Command();
  register(program);
  const { seed, weights, split } = program.commands[0]!.opts(); // register() has added one command
  assert.deepEqual([seed, weights, split], [undefined, undefined, undefined]);
});
