/**
 * Tests that the README is correct about the command line: its add-on trains, and its tasks exist.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../../core/testing/with_folder.ts";
import config from "../../deno.json" with { type: "json" };
import { trainTiny } from "./discs_run.ts";

const readme = await Deno.readTextFile(new URL("../../README.md", import.meta.url));

Deno.test(
  "the README's add-on trains by the README's command, and its option is a " +
    "flag",
  async () => {
    const code = /^```ts\n(.*?)^```$/ms.exec(readme)?.[1];
    const flags = /`deno task train (--plugin stylegan --plugin \.\/brightness\.ts [^`]*)`/.exec(
      readme,
    )
      ?.[1];
    assert(code && flags);
    await withFolder(async (folder) => {
      await Deno.writeTextFile(join(folder, "brightness.ts"), code);
      await trainTiny(folder, flags.split(" "));
      const run = join(folder, "runs", "00000-stylegan-discs");
      const { options } = JSON.parse(await Deno.readTextFile(join(run, "config.json")));
      assert.deepEqual(options.brightness, { darkest: -0.5 });
      assert.match(
        await Deno.readTextFile(join(run, "stats.jsonl")),
        /"[^"]*brightness[^"]*":-?\d/,
      );
    });
  },
);

Deno.test("each command that the README names is a task", () => {
  const typed = [...readme.matchAll(/\bdeno task ([a-z][\w-]*)/g)].map(([, name]) => name!);
  const rows = [...readme.matchAll(/^\| (`[a-z][^|]*) \|/gm)].map(([, cell]) => cell!);
  const listed = rows.flatMap((cell) => [...cell.matchAll(/`([a-z-]+)[^`]*`/g)].map((m) => m[1]!));
  assert(typed.includes("train") && listed.includes("upscale"));
  for (const name of [...typed, ...listed]) assert(Object.hasOwn(config.tasks, name), name);
});
