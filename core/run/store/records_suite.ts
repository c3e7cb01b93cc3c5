/** Tests of any {@linkcode RunStore}: samples, checkpoints, panels and the log. */
import assert from "node:assert/strict";
import { LOG_LINES_KEPT } from "./limits.ts";
import { line, panel, sample, testDetails, testHead } from "./test_records.ts";
import type { StoreTest } from "./test_store.ts";

/** Registers the tests. */
export function testRecords(test: StoreTest): void {
  test("keeps samples by images seen, and checkpoints", async (store) => {
    await store.create(testHead("a"), testDetails());
    for (const [images, path] of [[100, "c"], [9, "b"], [9, "a"], [9, "a"]] as const) {
      await store.addSample("a", sample(images, path));
    }
    assert.deepEqual((await store.samples("a")).map((s) => s.path), ["a", "b", "c"]);
    assert.deepEqual((await store.samples("a"))[0], sample(9, "a"));
    await store.removeSamples("a", ["c", "a", "unknown"]);
    assert.deepEqual((await store.samples("a")).map((s) => s.path), ["b"]);
    const entry = { imagesSeen: 9, path: "checkpoints/9", bytes: 1, digest: "d", time: 1 };
    await store.addCheckpoint("a", { ...entry, imagesSeen: 10 });
    await store.addCheckpoint("a", entry);
    assert.deepEqual((await store.checkpoints("a")).map((c) => c.imagesSeen), [9, 10]);
    await store.removeCheckpoint("a", 10);
    assert.deepEqual(await store.checkpoints("a"), [entry]);
  });

  test("keeps the newest state of each panel", async (store) => {
    await assert.rejects(store.setPanel("a", panel(1, "one", [])), /expected a run/);
    assert.deepEqual(await store.panels("a"), []);
    await store.create(testHead("a"), testDetails());
    await store.setPanel("a", panel(1, "two", [["x", 1]]));
    await store.setPanel("a", panel(2, "one", [["y", null]]));
    await store.setPanel("a", panel(3, "two", [["x", 3]]));
    assert.deepEqual(await store.panels("a"), [
      panel(2, "one", [["y", null]]),
      panel(3, "two", [["x", 3]]),
    ]);
    await store.rewind("a", 2);
    assert.deepEqual(await store.panels("a"), [
      panel(2, "one", [["y", null]]),
      { ...panel(0, "two", []), data: null },
    ]);
    const wide = Array.from({ length: 100 }, () => ["x".repeat(140), 1.234567890123]);
    await store.setPanel("a", panel(4, "wide", wide)); // as large as checkShown() lets through
    assert.deepEqual((await store.panels("a")).at(-1), panel(4, "wide", wide));
    await store.delete("a");
    assert.deepEqual(await store.panels("a"), []);
  });

  test("reads the log's tail, then on from there, and drops the oldest lines", async (store) => {
    await store.create(testHead("a"), testDetails());
    await store.appendLog("a", [line(1, "one"), line(2, "two"), line(3, "x".repeat(70_000))]);
    const tail = await store.readLog("a", { limit: 2 });
    assert.deepEqual(tail.lines.map((l) => l.message.length), [3, 4000]);
    assert.deepEqual(await store.readLog("a", { after: tail.next }), {
      lines: [],
      next: tail.next,
    });
    await store.appendLog("a", [line(4, "four"), line(5, "five")]);
    const next = await store.readLog("a", { after: tail.next, limit: 1 });
    assert.deepEqual(next.lines, [line(4, "four")]);
    const rest = await store.readLog("a", { after: next.next, limit: 1 });
    assert.deepEqual(rest.lines, [line(5, "five")]);
    const many = Array.from({ length: LOG_LINES_KEPT }, (_, i) => line(i, `${i}`));
    await store.appendLog("a", many.slice(0, -1));
    const all = await store.readLog("a", { after: 0, limit: 10_000 });
    assert.equal(all.lines.length, LOG_LINES_KEPT);
    assert.equal(all.lines[0]!.message, "five");
    assert.equal(all.lines.at(-1)!.message, `${LOG_LINES_KEPT - 2}`);
  });
}
