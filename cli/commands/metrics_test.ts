import assert from "node:assert/strict";
import { Command } from "commander";
import { UsageError } from "../errors.ts";
import { expectOwnFlags, register } from "./metrics.ts";

const run = { id: "00002-enlarge", plugin: "progan-sr" };

Deno.test("metrics refuses flags that a model which measures itself would ignore, and names them", () => {
  for (
    const [flags, named] of [
      [{ weights: "live" }, /--weights live with 00002-enlarge/],
      [{ split: "train" }, /--split train/],
      [{ seed: 0 }, /--seed 0/],
    ] as const
  ) {
    assert.throws(() => expectOwnFlags(run, flags), (error: Error) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, named);
      assert.match(error.message, /received one of progan-sr/);
      return true;
    });
  }
  expectOwnFlags(run, { weights: "ema", split: "held-out" }); // what it does anyway
});

Deno.test("metrics has no seed, weights or split unless they are given", () => {
  const program = new Command();
  register(program);
  const { seed, weights, split } = program.commands[0]!.opts(); // register() adds one
  assert.deepEqual([seed, weights, split], [undefined, undefined, undefined]);
});
