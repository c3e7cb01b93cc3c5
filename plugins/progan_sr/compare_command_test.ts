import assert from "node:assert/strict";
import type { PluginCommandContext } from "../../core/mod.ts";
import { commandContext } from "../../core/testing/mod.ts";
import { compareCommand } from "./compare_command.ts";

Deno.test("compare refuses numbers that it can't use before it opens a run", async () => {
  const compare = (options: PluginCommandContext["options"]) =>
    Promise.resolve(compareCommand.run(commandContext({
      options,
      openRun: () => Promise.reject(new Error("a run was opened")),
    })));
  await assert.rejects(() => compare({ count: "0" }), /--count: .* at least 1, received "0"/);
  await assert.rejects(() => compare({ rows: "0" }), /--rows: .* at least 1, received "0"/);
  await assert.rejects(() => compare({ from: "-1" }), /--from: .* at least 0, received "-1"/);
  await assert.rejects(() => compare({ resolution: "many" }), /--resolution: .*received "many"/);
  await assert.rejects(() => compare({ picture: "a.jpg" }), /--picture a\.jpg: .* in \.png$/);
  await assert.rejects(() => compare({ picture: "core" }), /--picture core: .* received a folder/);
  await assert.rejects(() => compare({ picture: "a.png" }), /a run was opened/);
  await assert.rejects(() => compare({ count: "1", from: "0" }), /a run was opened/);
});
