import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../../testing/with_folder.ts";
import { RunError } from "../run_error.ts";
import { expectOwnFiles } from "./expect_own_files.ts";

Deno.test("an export replaces the files of an earlier one, and none that a person wrote", () =>
  withFolder(async (folder) => {
    const names = ["index.html", "README.md"];
    const write = (name: string, text: string) => Deno.writeTextFile(join(folder, name), text);
    const lost = (name: string) => (error: unknown) =>
      error instanceof RunError && error.message.includes(`one with a ${name} that no export`);
    await expectOwnFiles(join(folder, "new"), names);
    await write("notes.txt", "Mine.");
    await expectOwnFiles(folder, names);
    await write("README.md", "# Mine\n\nMade with Cambium.\n");
    await assert.rejects(expectOwnFiles(folder, names), lost("README.md"));
    await write("index.html", "<p>Mine");
    await assert.rejects(expectOwnFiles(folder, names), lost("index.html"));
    await write("README.md", "# 00000-tiny\n\n| | |\n|---|---|\n| Made with | Cambium 0.0.9 |\n");
    await expectOwnFiles(folder, names);
  }));
