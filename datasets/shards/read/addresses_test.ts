import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import { withFiles } from "../../../core/testing/with_folder.ts";
import { listShards, shardName } from "./addresses.ts";
import { expandBraces } from "./braces.ts";

Deno.test("braces are ranges with leading zeros, lists, and both within each other", () => {
  assert.deepEqual(expandBraces("a.tar"), ["a.tar"]);
  assert.deepEqual(expandBraces("{08..11}.tar"), ["08.tar", "09.tar", "10.tar", "11.tar"]);
  assert.deepEqual(expandBraces("{a,b}-{1..2}"), ["a-1", "a-2", "b-1", "b-2"]);
  assert.deepEqual(expandBraces("{x{1..2},y}.tar"), ["x1.tar", "x2.tar", "y.tar"]);
  assert.equal(expandBraces("/d/{0000..0999}.tar").length, 1000);
  for (const wrong of ["{1..2", "1..2}", "{2..1}", "{a}", "{}", "{0..99999999}"]) {
    assert.throws(() => expandBraces(wrong), /names of shards: expected .*, received/, wrong);
  }
});

Deno.test("shards are listed by name or folder; none, or one name twice, is refused", async () => {
  const files = { "in/b.tar": "", "in/a.tar": "", "in/.c.tar": "", "in/a.tar.idx": "", "e/x": "" };
  await withFiles(files, async (folder) => {
    const { name, addresses } = await listShards(`shards:${join(folder, "in")}`);
    assert.equal(name, "in");
    assert.deepEqual(addresses, ["a.tar", "b.tar"].map((file) => join(folder, "in", file)));
    await assert.rejects(listShards(`shards:${join(folder, "e")}`), /expected tars in/);
  });
  assert.deepEqual((await listShards("shards:d/{0..1}.tar")).addresses, [
    resolve("d/0.tar"),
    resolve("d/1.tar"),
  ]);
  const web = await listShards("shards:https://example.org/set/{0..1}.tar?v=2");
  assert.deepEqual(web.addresses[1], "https://example.org/set/1.tar?v=2");
  assert.equal(web.name, "set");
  await assert.rejects(listShards("shards:"), /a path or address/);
  await assert.rejects(listShards("shards:{a,b}/0.tar"), /different names, not 0\.tar twice/);
});

Deno.test("a % in an address that begins no escape is a letter of the shard's name", () => {
  assert.equal(shardName("https://example.org/half%20done.tar"), "half done.tar");
  assert.equal(shardName("https://example.org/50%off.tar"), "50%off.tar");
});
