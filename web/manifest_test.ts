import assert from "node:assert/strict";
import { handlers, islands, pages, pathOf } from "./manifest.ts";

Deno.test("the manifest lists exactly the files in routes/ and islands/", async () => {
  const found: string[] = [];
  const walk = (folder: URL, prefix: string) => {
    for (const entry of Deno.readDirSync(folder)) {
      if (entry.isDirectory) walk(new URL(`${entry.name}/`, folder), `${prefix}${entry.name}/`);
      else if (!entry.name.startsWith("_")) found.push(prefix + entry.name);
    }
  };
  walk(new URL("./routes/", import.meta.url), "");
  assert.deepEqual(found.sort(), [...Object.keys(handlers), ...Object.keys(pages)].sort());
  const files = await Array.fromAsync(Deno.readDir(new URL("./islands/", import.meta.url)));
  assert.deepEqual(files.map((f) => f.name).sort(), islands.map((name) => `${name}.tsx`).sort());
});

Deno.test("pathOf() turns folders and brackets into a path", () => {
  assert.equal(pathOf("index.tsx"), "/");
  assert.equal(pathOf("api/runs/index.ts"), "/api/runs");
  assert.equal(pathOf("api/runs/[id]/samples/[sample].ts"), "/api/runs/:id/samples/:sample");
});
