/** Lines fit a window: 100 columns, but for strings and patterns, which can't be broken everywhere. */
import assert from "node:assert/strict";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));

const CANT_BREAK = /["'`]|\/.+\//;

Deno.test("no line of code or comment is wider than 100 columns", async () => {
  const wide: string[] = [];
  let files = 0;
  for (const folder of ["core", "datasets", "plugins", "cli", "web", "tests"]) {
    for await (const path of typescriptIn(join(root, folder))) {
      files++;
      for (const [i, line] of (await Deno.readTextFile(path)).split("\n").entries()) {
        if ([...line].length > 100 && !CANT_BREAK.test(line)) {
          wide.push(`${relative(root, path)}:${i + 1}`);
        }
      }
    }
  }
  assert.ok(files > 500);
  assert.deepEqual(wide, []);
});

async function* typescriptIn(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) yield* typescriptIn(path);
    else if (/\.tsx?$/.test(name)) yield path;
  }
}
