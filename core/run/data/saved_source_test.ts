import assert from "node:assert/strict";
import { join } from "node:path";
import { savedSource } from "./saved_source.ts";

Deno.test("savedSource() makes paths absolute and keeps names of each kind", () => {
  const named = { images: ["emoji", "emoji:Smileys", "npm:a@1"], sketches: ["icons", "npm:a@1"] };
  for (const name of named.images) assert.equal(savedSource(name, "images"), name);
  for (const name of named.sketches) assert.equal(savedSource(name, "sketches"), name);
  for (
    const [path, kind] of [[".", "images"], ["icons", "images"], ["emoji", "sketches"]] as const
  ) {
    assert.equal(savedSource(path, kind), join(Deno.cwd(), path));
  }
});

Deno.test("savedSource() makes paths of shards absolute and keeps addresses", () => {
  const web = "shards:https://example.org/{0..9}.tar";
  assert.equal(savedSource(web, "images"), web);
  assert.equal(
    savedSource("shards:d/{00..09}.tar", "images"),
    `shards:${join(Deno.cwd(), "d", "{00..09}.tar")}`,
  );
});
