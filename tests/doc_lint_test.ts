/** What core exports is documented, and names no type of ours that it keeps to itself. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));

/** Types of tfjs and valibot, which core's own types are made of; core doesn't export theirs again. */
const FOREIGN =
  /private type '(Tensor\w*|Scalar|Variable|InferOutput|GenericSchema|ObjectEntries|StrictObjectSchema)'/;

Deno.test("every export of core has a doc comment, and its types are exported, too", async () => {
  const { stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--lint", "core/mod.ts"],
    cwd: root,
    env: { NO_COLOR: "1" },
    stdout: "null",
  }).output();
  const found = new TextDecoder().decode(stderr).split(/\n(?=error\[)/);
  const wrong: string[] = [];
  let ours = 0;
  for (const text of found) {
    const place = /--> (.*?):(\d+):\d+/.exec(text), kind = /^error\[([a-z-]+)\]: (.*)/.exec(text);
    if (!place || !kind || !place[1]!.startsWith(root)) continue; // tfjs's own, which is exported whole
    ours++;
    const [, path, line] = place as unknown as [string, string, string]; // two groups
    const source = (await Deno.readTextFile(path)).split("\n")[Number(line) - 1]!; // it has the line
    const isMember = source.startsWith(" "); // its type's comment, or a comment behind it, tells of it
    if (kind[1] === "missing-jsdoc" && !isMember) wrong.push(`${path}:${line} has no comment`);
    if (kind[1] === "private-type-ref" && !FOREIGN.test(text)) {
      wrong.push(`${path}:${line} ${kind[2]}`);
    }
  }
  assert.ok(ours > 0, "the form of deno doc's answer has changed");
  assert.deepEqual(wrong, []);
});
