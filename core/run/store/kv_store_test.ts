import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../../testing/with_folder.ts";
import { openRunStore } from "./open_store.ts";
import { usualCommands } from "./run_commands.ts";
import { testRunStore } from "./run_store_suite.ts";
import { testDetails, testHead } from "./test_records.ts";
import type { RunDetails, RunHead } from "./types.ts";

testRunStore("KvRunStore", async () => {
  const folder = await Deno.makeTempDir({ prefix: "cambium-test-" });
  const store = await openRunStore(join(folder, "new", "cambium.kv"), {
    pollInterval: 20,
    deadline: 60_000,
  });
  return { store, dispose: () => Deno.remove(folder, { recursive: true }) };
});

Deno.test("KvRunStore reads details of earlier versions: commands were a list, or none", () =>
  withFolder(async (folder) => {
    const store = await openRunStore(join(folder, "cambium.kv"));
    const { commands, ...details } = testDetails();
    const list = [commands.resume, "deno task mix --run a", commands.remove];
    await store.create(testHead("a"), { ...details, commands: list } as unknown as RunDetails);
    await store.create(testHead("b"), details as RunDetails);
    const others = [{ label: "Use it", command: "deno task mix --run a" }];
    assert.deepEqual(await store.details("a"), { ...details, commands: { ...commands, others } });
    assert.deepEqual((await store.details("b"))?.commands, usualCommands("b"));
    store.close();
  }));

Deno.test("KvRunStore reads heads of earlier versions: they counted sittings", () =>
  withFolder(async (folder) => {
    const store = await openRunStore(join(folder, "cambium.kv"));
    const { sessions: _, ...head } = testHead("a");
    await store.create({ ...head, sittings: 3 } as unknown as RunHead, testDetails());
    const expected = { ...head, sessions: 3 };
    assert.deepEqual(await store.head("a"), expected);
    assert.deepEqual(await store.list(), [expected]);
    await store.update("a", { imagesSeen: 7 });
    assert.deepEqual(await store.head("a"), { ...expected, imagesSeen: 7 });
    store.close();
  }));
