/** Tests of any {@linkcode RunStore}: the points of curves. */
import assert from "node:assert/strict";
import { columns, line, point, sample, testDetails, testHead } from "./test_records.ts";
import type { StoreTest } from "./test_store.ts";

/** Registers the tests. */
export function testSeries(test: StoreTest): void {
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
      if (batch === 2) continue; // so that the next read spans chunks
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
}
