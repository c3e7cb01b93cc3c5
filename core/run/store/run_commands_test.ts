import assert from "node:assert/strict";
import { readCommands, usualCommands } from "./run_commands.ts";

Deno.test("readCommands() tells the lines of a list apart, and fills in what it lacks", () => {
  const at = "00001-x --runs /data/my-runs", command = `deno task sample --run ${at}`;
  const lines = [`deno task train --resume ${at}`, command, `deno task runs delete ${at}`] as const;
  assert.deepEqual(readCommands("00001-x", lines), {
    resume: lines[0],
    remove: lines[2],
    others: [{ label: "Use it", command }],
  });
  assert.deepEqual(readCommands("00001-x", ["deno task upscale --run 00001-x --help"]), {
    resume: "deno task train --resume 00001-x",
    remove: "deno task runs delete 00001-x",
    others: [{ label: "Use it", command: "deno task upscale --run 00001-x --help" }],
  });
  assert.deepEqual(readCommands("00001-x", undefined), usualCommands("00001-x"));
});
