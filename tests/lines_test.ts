/**
 * Lines have at most 100 columns, except for strings and patterns, which cannot always be broken,
 * and no file contains merge conflict markers.
 */
import assert from "node:assert/strict";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));

const FOLDERS = ["core", "datasets", "plugins", "cli", "web", "tests"];

const CANT_BREAK = /["'`]|\/.+\//;

Deno.test("no line of code or comment is wider than 100 columns", async () => {
  const wide: string[] = [];
  let files = 0;
  for (const folder of FOLDERS) {
    for await (const path of filesIn(join(root, folder), /\.tsx?$/)) {
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

Deno.test("no page or code has the marks of a merge", async () => {
  const marked: string[] = [];
  let pages = 0;
  for (const folder of FOLDERS) {
    for await (const path of filesIn(join(root, folder), /\.(tsx?|md)$/)) {
      if (path.endsWith(".md")) pages++;
      if (/^(<{7}|>{7}) /m.test(await Deno.readTextFile(path))) marked.push(relative(root, path));
    }
  }
  assert.ok(pages > 10);
  assert.deepEqual(marked, []);
});

async function* filesIn(folder: string, name: RegExp): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory) yield* filesIn(path, name);
    else if (name.test(entry.name)) yield path;
  }
}
