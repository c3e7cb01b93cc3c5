import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../../testing/with_folder.ts";
import { isRunFolder } from "./is_run_folder.ts";
import { createRunFolder, writeRunConfig } from "./run_folder.ts";

Deno.test("isRunFolder() knows a run that was renamed or has no identity, and no folder of others", () =>
  withFolder(async (runs) => {
    const { folder } = await createRunFolder(runs, { plugin: "progan", data: "own" });
    await writeRunConfig(folder, {});
    const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
    assert(isRunFolder(folder, names));
    assert(isRunFolder(join(runs, "best"), names), "renamed");
    const older = names.filter((name) => name !== ".identity");
    assert(isRunFolder(folder, older));
    assert(!isRunFolder(join(runs, "best"), older), "a set with settings and samples of its own");
    assert(!isRunFolder(folder, ["1.png", "config.json"]));
  }));
