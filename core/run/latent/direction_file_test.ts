import assert from "node:assert/strict";
import { withFolder } from "../../testing/with_folder.ts";
import { expectNewDirection, keepDirection, readDirection } from "./direction_file.ts";

Deno.test("a kept direction keeps its name, however that is composed", () =>
  withFolder(async (folder) => {
    const run = { folder, id: "00003-stylegan-cats" };
    const kept = { origin: "sefa1", layers: "all", step: [1, 2], imagesSeen: 16 };
    await expectNewDirection(run, "caf\u00e9");
    await keepDirection(run, "caf\u00e9", kept);
    await assert.rejects(expectNewDirection(run, "cafe\u0301"), {
      name: "RunError",
      message: /has one of that name\. Give it another name, or delete directions\/cafe/,
    });
    assert.deepEqual(await readDirection(run, "cafe\u0301", 2), kept);
  }));
