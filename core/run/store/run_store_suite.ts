/** What every {@linkcode RunStore} must do; each implementation's test runs it. */
import assert from "node:assert/strict";
import { LOG_LINES_KEPT } from "./limits.ts";
import { columns, line, panel, point, sample, testDetails, testHead } from "./test_records.ts";
import type { RunStore } from "./types.ts";

/** Registers the suite; `open` gives a fresh store, `dispose` ends it. */
export function testRunStore(
  name: string,
  open: () => Promise<{ store: RunStore; dispose(): Promise<void> }>,
): void {
  const test = (title: string, run: (store: RunStore) => Promise<void>) =>
    Deno.test(`${name} ${title}`, async () => {
      const { store, dispose } = await open();
      try {
        await run(store);
      } finally {
        store.close();
        await dispose();
      }
    });

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

  test("joins points of different names, with NaN where a name lacks", async (store) => {
    await store.create(testHead("a"), testDetails());
    await store.appendSeries("a", [point(8, { loss: 1 }), point(16, { loss: 2, fid: 0.5 })]);
    await store.appendSeries("a", [point(24, { fid: 0.25 })]);
    const series = await store.readSeries("a");
    assert.deepEqual(columns(series), {
      imagesSeen: [8, 16, 24],
      values: { loss: [1, 2, NaN], fid: [NaN, 0.5, 0.25] },
    });
    assert.deepEqual([...series.time], [80, 160, 240]);
  });

  test("reads a long series whole and in pieces, each point once", async (store) => {
    await store.create(testHead("a"), testDetails());
    const names = Array.from({ length: 30 }, (_, i) => `name ${i}`);
    const seen: number[] = [];
    let cursor: string | undefined;
    for (let batch = 0; batch < 6; batch++) {
      const points = Array.from({ length: 211 }, (_, i) => {
        const images = batch * 211 + i + 1;
        return point(images, Object.fromEntries(names.map((name, n) => [name, images + n])));
      });
      await store.appendSeries("a", points);
      if (batch === 2) continue; // so that one read crosses chunks
      const series = await store.readSeries("a", cursor === undefined ? {} : { after: cursor });
      seen.push(...series.imagesSeen);
      cursor = series.cursor;
      assert.equal(series.restarted, undefined);
      assert.equal(series.values["name 29"]!.length, series.imagesSeen.length);
    }
    const expected = Array.from({ length: 6 * 211 }, (_, i) => i + 1);
    assert.deepEqual(seen, expected);
    const whole = await store.readSeries("a");
    assert.deepEqual([...whole.imagesSeen], expected);
    assert.deepEqual([...whole.values["name 7"]!], expected.map((images) => images + 7));
    assert.equal((await store.readSeries("a", { after: whole.cursor })).imagesSeen.length, 0);
    await assert.rejects(store.readSeries("a", { after: "rubbish" }), /expected a cursor/);
  });

  test(
    "takes many points at once, and keeps the order of calls that nobody " +
      "awaits",
    async (store) => {
      await store.create(testHead("a"), testDetails());
      const wide = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`name ${i}`, i]));
      const many = Array.from({ length: 3000 }, (_, i) => point(i, wide));
      const calls = [store.appendSeries("a", many)];
      for (let i = 0; i < 5; i++) {
        calls.push(store.appendSeries("a", [point(3000 + i, wide)]));
        calls.push(store.appendLog("a", [line(i, `${i}`)]));
      }
      await Promise.all(calls);
      const { imagesSeen } = await store.readSeries("a");
      assert.deepEqual([...imagesSeen], Array.from({ length: 3005 }, (_, i) => i));
      const { lines } = await store.readLog("a");
      assert.deepEqual(lines.map((l) => l.message), ["0", "1", "2", "3", "4"]);
    },
  );

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

  test("rewinds to a checkpoint: series, samples and log", async (store) => {
    await store.create(testHead("a"), testDetails());
    const images = Array.from({ length: 2000 }, (_, i) => i);
    await store.appendSeries("a", images.map((i) => point(i, { loss: i, other: i })));
    const { cursor } = await store.readSeries("a");
    await store.addSample("a", sample(5, "five"));
    await store.addSample("a", sample(6, "six"));
    await store.appendLog("a", [line(5, "five"), line(6, "six")]);
    const log = await store.readLog("a");
    await store.rewind("a", 5);
    const series = await store.readSeries("a", { after: cursor });
    assert.equal(series.restarted, true);
    assert.deepEqual([...series.imagesSeen], [0, 1, 2, 3, 4, 5]);
    assert.deepEqual((await store.samples("a")).map((s) => s.path), ["five"]);
    assert.deepEqual((await store.readLog("a")).lines, [line(5, "five")]);
    await store.appendSeries("a", [point(8, { loss: 8 })]);
    await store.appendLog("a", [line(8, "eight")]);
    const newer = await store.readSeries("a", { after: series.cursor });
    assert.deepEqual(columns(newer).imagesSeen, [8]);
    assert.equal(newer.restarted, undefined);
    assert.deepEqual((await store.readLog("a", { after: log.next })).lines, [line(8, "eight")]);
    await store.rewind("a", -1);
    assert.deepEqual(columns(await store.readSeries("a")), { imagesSeen: [], values: {} });
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

  test("wakes watchers after changes, and ends with the signal", async (store) => {
    await store.create(testHead("a"), testDetails());
    const stop = new AbortController();
    let stage = 0;
    for await (const _ of store.watch("a", stop.signal)) {
      if (stage === 0) {
        stage = 1;
        setTimeout(() => store.appendLog("a", [line(1, "hi")]), 5);
      } else if ((await store.readLog("a")).lines.length === 1) {
        stage = 2;
        stop.abort();
      }
    }
    assert.equal(stage, 2);
    const stopList = new AbortController();
    for await (const _ of store.watch(undefined, stopList.signal)) {
      if (stage === 2) {
        stage = 3;
        setTimeout(() => store.update("a", { imagesSeen: 7 }), 5);
      } else if ((await store.list())[0]!.imagesSeen === 7) {
        stage = 4;
        stopList.abort();
      }
    }
    assert.equal(stage, 4);
    for await (const _ of store.watch("a", AbortSignal.abort())) assert.fail("aborted before");
  });

  test("ends watchers when it closes", async (store) => {
    await store.create(testHead("a"), testDetails());
    for await (const _ of store.watch("a", new AbortController().signal)) {
      setTimeout(() => store.close(), 20);
    }
  });
}
