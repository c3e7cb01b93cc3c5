import assert from "node:assert/strict";
import { join } from "node:path";
import { withFiles } from "../../core/testing/with_folder.ts";
import { readConfigFile } from "./config_file.ts";

Deno.test("readConfigFile() reads a file that begins with a byte order mark", () =>
  withFiles({ "gan.json": '\ufeff{"seed": 7}' }, async (folder) => {
    const path = join(folder, "gan.json");
    assert.deepEqual(await readConfigFile(path), { from: path, values: { seed: 7 } });
  }));
