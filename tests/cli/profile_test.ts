/** `deno task train --profile`: the trace of a step. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { ChromeTrace } from "../../core/rehearsal/mod.ts";
import {
  childArguments,
  hasTensorFlow,
  inProcess,
  newRun,
  toEnd,
  withTinyData,
} from "../faults/tiny_run.ts";

Deno.test({
  name: "train --profile writes a Chrome trace of the last resolution's steps and makes no run",
  ignore: !await hasTensorFlow(),
  fn: () =>
    withTinyData(async (folder) => {
      const file = join(folder, "trace.json");
      const args = newRun({ folder, backend: "tensorflow", more: ["--profile", file, "--json"] });
      const { code, out, err } = await toEnd(Deno.execPath(), childArguments(args));
      assert.equal(code, 0, err);
      const { traceEvents, otherData }: ChromeTrace = JSON.parse(await Deno.readTextFile(file));
      assert.equal(otherData.step, "8 px, batch 4");
      // split() returns at least one element
      const { steps } = JSON.parse(out.trim().split("\n").at(-1)!);
      // discriminator with and without the lazy penalty, and generator
      assert.equal(steps.length, 3);
      for (const [i, { name, ops, opsMilliseconds, replayMilliseconds }] of steps.entries()) {
        const own = traceEvents.filter((e) => e.ph === "X" && e.tid === i + 1);
        const one = own.filter((e) => e.pid === 1), whole = own.filter((e) => e.pid === 2);
        assert.equal(one.length, ops);
        const sum = one.reduce((sum, e) => sum + (e.ph === "X" ? e.dur : 0), 0) / 1000;
        assert.ok(Math.abs(sum - opsMilliseconds) < 1e-6 * sum, `${sum} ${opsMilliseconds}`);
        assert.ok(one.some((e) => e.name === "Conv2D"), name);
        assert.ok(whole.length >= 3 && whole.every((e) => e.name === name));
        assert.ok(whole.some((e) => e.ph === "X" && e.dur === replayMilliseconds * 1000));
      }
      await assert.rejects(Deno.stat(join(folder, "runs")), Deno.errors.NotFound);
    }),
});

Deno.test("train --profile says that it needs TensorFlow", () =>
  withTinyData(async (folder) => {
    const file = join(folder, "trace.json");
    const { code, err } = await inProcess(newRun({ folder, more: ["--profile", file] }));
    assert.equal(code, 1);
    assert.match(err, /Cannot profile: expected the TensorFlow backend, received wasm/);
  }));
