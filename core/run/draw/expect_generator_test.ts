import assert from "node:assert/strict";
import { RunError } from "../run_error.ts";
import { type DrawableRun, expectGenerator } from "./expect_generator.ts";

/** A run of a plugin that draws from sketches; its command "tiles" opens no run. */
const runOf = (commands: string[]) =>
  ({
    id: "00003-sketch-pig",
    folder: "runs/00003-sketch-pig",
    model: { latentSize: 8 },
    loaded: { model: { plugin: { name: "sketch", commands: commands.map(commandOf) } } },
  }) as unknown as DrawableRun; // no other fields are read

const commandOf = (name: string) => ({ name, ...(name === "tiles" ? { needsRun: false } : {}) });

Deno.test("expectGenerator() names the plugin and the commands that it has instead", () => {
  assert.throws(() => expectGenerator(runOf(["complete", "measure"]), "walk"), (error: Error) => {
    assert.ok(error instanceof RunError);
    assert.match(error.message, /Cannot walk .*00003-sketch-pig.* received "sketch"/);
    assert.match(error.message, /deno task complete or deno task measure/);
    return true;
  });
  assert.throws(
    () => expectGenerator(runOf(["upscale", "tiles"]), "walk"),
    /Use deno task upscale$/,
  );
  assert.throws(() => expectGenerator(runOf([]), "walk"), /runs\/00003-sketch-pig\/samples/);
});
