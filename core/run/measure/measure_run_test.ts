import assert from "node:assert/strict";
import { RunError } from "../run_error.ts";
import { expectOwnMeasures } from "./measure_run.ts";

const run = { id: "00002-enlarge", plugin: "progan-sr" };

Deno.test(
  "metrics refuses flags that a model which measures itself would ignore, and names " +
    "them",
  () => {
    for (
      const [flags, named] of [
        [{ weights: "live" }, /--weights live with 00002-enlarge/],
        [{ split: "train" }, /--split train/],
        [{ seed: 0 }, /--seed 0/],
        [{ samples: "others" }, /--samples others/],
      ] as const
    ) {
      assert.throws(() => expectOwnMeasures(run, flags), (error: Error) => {
        assert.ok(error instanceof RunError);
        assert.match(error.message, named);
        assert.match(error.message, /received one of progan-sr/);
        return true;
      });
    }
    expectOwnMeasures(run, { weights: "ema", split: "held-out" }); // what it does anyway
  },
);
