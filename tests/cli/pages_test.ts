/**
 * Tests that the documentation is correct: commands exist as tasks, links lead somewhere, the first
 * page stays short.
 */
import assert from "node:assert/strict";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import config from "../../deno.json" with { type: "json" };

const root = fileURLToPath(new URL("../../", import.meta.url));

const pages = await Array.fromAsync(markdownIn(root));

async function* markdownIn(folder: string): AsyncGenerator<{ path: string; text: string }> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) {
      if (!/^\.|^(node_modules|runs|templates|testdata)$/.test(name)) yield* markdownIn(path);
    } else if (name.endsWith(".md")) {
      yield { path: relative(root, path), text: await Deno.readTextFile(path) };
    }
  }
}

/** A heading's anchor, as code hosts generate it. */
const anchorOf = (heading: string) =>
  heading.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-");

Deno.test("each command that a page names is a task", () => {
  assert.ok(pages.length >= 10);
  for (const { path, text } of pages) {
    for (const [, name] of text.matchAll(/\bdeno task ([a-z][\w-]*)/g)) {
      assert.ok(Object.hasOwn(config.tasks, name!), `${path}: deno task ${name}`);
    }
  }
});

Deno.test(
  "each link and picture of a page leads to a file, and to a heading where it names " +
    "one",
  () => {
    for (const { path, text } of pages) {
      const prose = text.replaceAll(/^```.*?^```$/gms, "");
      for (const [, link] of prose.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^https?:/.test(link!)) continue;
        const [file, anchor] = link!.split("#") as [string, string?];
        const target = file === "" ? path : join(dirname(path), file);
        const found = pages.find((page) => page.path === target);
        assert.ok(found ?? Deno.statSync(join(root, target)), `${path}: ${link}`);
        if (anchor === undefined) continue;
        const headings = [...found!.text.matchAll(/^#+ (.*)$/gm)].map(([, h]) => anchorOf(h!));
        assert.ok(headings.includes(anchor), `${path}: ${link}`);
      }
    }
  },
);

Deno.test("the README is read in minutes, and names every page but those that others name", () => {
  const readme = pages.find(({ path }) => path === "README.md")!; // it exists
  assert.ok(readme.text.split(/\s+/).length < 1300);
  const others = pages.map(({ text }) => text).join("\n");
  for (const { path } of pages) {
    const name = path.split("/").slice(-2).join("/");
    if (path !== "README.md") assert.ok(others.includes(name), `no page links ${path}`);
  }
});
