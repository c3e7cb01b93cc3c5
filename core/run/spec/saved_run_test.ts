import assert from "node:assert/strict";
import { join } from "node:path";
import type { RunFolder } from "../mod.ts";
import { readSavedRun } from "./saved_run.ts";

Deno.test("a run's record that is cut, empty, gone or edited is refused, with what to do", async () => {
  const folder = await Deno.makeTempDir();
  const run = { id: "00000-a", folder } as RunFolder; // no more of it is read
  try {
    const advice =
      /\. Put a whole .*config\.json back: .* the same command and data writes the same/;
    for (const text of ['{"version": "1", "plug', "", "null", '{"version": "1"}', undefined]) {
      if (text === undefined) await Deno.remove(join(folder, "config.json"));
      else await Deno.writeTextFile(join(folder, "config.json"), text);
      await assert.rejects(() => readSavedRun(run), { name: "RunError", message: advice });
    }
    await Deno.writeTextFile(join(folder, "config.json"), "[]");
    await assert.rejects(() => readSavedRun(run), /expected an object, received an array/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
