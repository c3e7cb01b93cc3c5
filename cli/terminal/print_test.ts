import assert from "node:assert/strict";
import { printableJson } from "../../core/text.ts";
import { printWherePossible } from "./print.ts";
import { createSteadyLine } from "./steady_line.ts";
import { formatTable } from "./table.ts";

/**
 * Clears the screen, sets the window title, reverses the text direction, and uses the C1 form of an
 * escape.
 */
const NASTY = "\x1b[2J\x1b]0;x\x07\x9b31m\u202ecat";
// deno-lint-ignore no-control-regex
const OBEYED = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]/;

Deno.test(
  "tables, JSON, the steady line and what plugins log reach a terminal without what it " +
    "would obey",
  () => {
    for (const terminal of [true, false]) {
      const table = formatTable([NASTY], [["a\nb"], [NASTY]], { terminal });
      assert.doesNotMatch(table, OBEYED);
      assert.ok(table.includes("a\\x0ab"), "a cell can't pretend to be two rows");
    }
    const json = printableJson({ name: NASTY });
    assert.doesNotMatch(json, OBEYED);
    assert.deepEqual(JSON.parse(json), { name: NASTY });
    const written: string[] = [];
    const line = createSteadyLine((text) => written.push(text), () => 200);
    line.progress(NASTY);
    line.log(NASTY);
    for (const text of written) assert.doesNotMatch(text.replaceAll("\r\x1b[K", ""), OBEYED);
  },
);

Deno.test("nothing in the command line writes to standard output but print()", async () => {
  const found: string[] = [];
  const walk = async (folder: URL): Promise<void> => {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (isDirectory) await walk(new URL(`${name}/`, folder));
      else if (name.endsWith(".ts") && !/_test\.ts$/.test(name)) {
        const text = await Deno.readTextFile(new URL(name, folder));
        if (/console\.(log|info|warn)\b|stdout\.write/.test(text)) found.push(name);
      }
    }
  };
  await walk(new URL("../", import.meta.url));
  assert.deepEqual(found.sort(), ["print.ts", "steady_line.ts"]);
});

Deno.test("printWherePossible() tells once that standard output can't be written, and goes on", () => {
  const failures: string[] = [], lines: string[] = [];
  let isFull = true;
  const print = printWherePossible((message) => failures.push(message), (text) => {
    if (isFull) throw new Error("no room");
    lines.push(text ?? "");
  });
  print("one");
  print("two");
  isFull = false;
  print("three");
  assert.deepEqual([failures, lines], [["no room"], ["three"]]);
});
