/** Tests of any {@linkcode RunStore}: runs as a whole. */
import assert from "node:assert/strict";
import { columns, line, point, sample, testDetails, testHead } from "./test_records.ts";
import type { StoreTest } from "./test_store.ts";

/** Registers the tests. */
export function testRuns(test: StoreTest): void {
  test("keeps heads and details, and lists by id", async (store) => {
    assert.deepEqual(await store.list(), []);
    assert.equal(await store.head("a"), null);
    assert.equal(await store.details("a"), null);
    await store.create(testHead("b"), testDetails());
    await store.create(testHead("a"), testDetails());
    await store.update("b", { imagesSeen: 8, status: "stopped", error: "x".repeat(70_000) });
    assert.deepEqual((await store.list()).map((h) => [h.id, h.imagesSeen]), [["a", 0], ["b", 8]]);
    assert.deepEqual(await store.ids(), ["a", "b"]);
    const head = (await store.head("b"))!;
    assert.equal(head.status, "stopped");
    assert.equal(head.error!.length, 4000);
    assert.deepEqual(await store.details("a"), testDetails());
    await assert.rejects(store.create(testHead("a"), testDetails()), /expected a new id/);
  });

  test("lists more runs than one read takes", async (store) => {
    const ids = Array.from({ length: 23 }, (_, i) => `run-${String(i).padStart(2, "0")}`);
    for (const id of ids) await store.create(testHead(id), testDetails());
    assert.deepEqual((await store.list()).map((head) => head.id), ids);
  });

  test("keeps details with thousands of labels", async (store) => {
    const details = testDetails(Array.from({ length: 20_000 }, (_, i) => `emoji ${i} 漢字 é`));
    await store.create(testHead("a"), details);
    assert.deepEqual(await store.details("a"), details);
  });

  test("replaces details, longer and shorter ones", async (store) => {
    await store.create(testHead("a"), testDetails());
    await store.create(testHead("b"), testDetails());
    const many = testDetails(Array.from({ length: 20_000 }, (_, i) => `label ${i}`));
    for (const details of [many, testDetails(["one"]), many, testDetails()]) {
      await store.describe("a", details);
      assert.deepEqual(await store.details("a"), details);
    }
    assert.deepEqual(await store.details("b"), testDetails());
    await store.delete("a");
    assert.equal(await store.details("a"), null);
  });

  test("refuses changes of runs that it doesn't know", async (store) => {
    const changes = [
      store.update("x", { alpha: 1 }),
      store.appendSeries("x", [point(1, { loss: 1 })]),
      store.addSample("x", sample(1, "s")),
      store.addCheckpoint("x", { imagesSeen: 1, path: "c", bytes: 1, digest: "d", time: 1 }),
      store.appendLog("x", [line(1, "hi")]),
      store.rewind("x", 0),
      store.requestStop("x"),
    ];
    for (const change of await Promise.allSettled(changes)) {
      assert.equal(change.status, "rejected");
      assert.match(change.reason.message, /expected a run that the store knows, received "x"/);
    }
    assert.deepEqual(columns(await store.readSeries("x")), { imagesSeen: [], values: {} });
    assert.deepEqual(await store.readLog("x"), { lines: [], next: 0 });
    await store.delete("x");
  });

  test("asks for a stop once", async (store) => {
    await store.create(testHead("a"), testDetails());
    assert.equal(await store.stopRequested("a"), false);
    await store.requestStop("a");
    assert.equal(await store.stopRequested("a"), true);
    await store.clearStop("a");
    assert.equal(await store.stopRequested("a"), false);
  });

  test("deletes a run with all that belongs to it, and nothing else", async (store) => {
    for (const id of ["a", "a-1"]) {
      await store.create(testHead(id), testDetails());
      await store.appendSeries(id, [point(1, { loss: 1 })]);
      await store.addSample(id, sample(1, "s"));
      await store.appendLog(id, [line(1, "hi")]);
      await store.requestStop(id);
    }
    const { cursor } = await store.readSeries("a");
    await store.delete("a");
    assert.deepEqual((await store.list()).map((h) => h.id), ["a-1"]);
    assert.equal(await store.details("a"), null);
    assert.deepEqual(await store.samples("a"), []);
    assert.equal((await store.readLog("a")).lines.length, 0);
    assert.equal(await store.stopRequested("a"), false);
    assert.equal((await store.samples("a-1")).length, 1);
    assert.equal(await store.stopRequested("a-1"), true);
    await store.create(testHead("a"), testDetails());
    await store.appendSeries("a", [point(2, { loss: 2 })]);
    const series = await store.readSeries("a", { after: cursor });
    assert.deepEqual([[...series.imagesSeen], series.restarted], [[2], true]);
  });

  test("gives out copies", async (store) => {
    const head = testHead("a");
    await store.create(head, testDetails());
    head.imagesSeen = 99;
    const read = (await store.head("a"))!;
    assert.equal(read.imagesSeen, 0);
    read.imagesSeen = 99;
    assert.equal((await store.head("a"))!.imagesSeen, 0);
  });
}
