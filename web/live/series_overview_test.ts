import assert from "node:assert/strict";
import { fakePoint, fakeRun } from "../testing/fake_runs.ts";
import { testApp } from "../testing/test_app.ts";
import { createSeriesReader, thinSeries } from "./series_overview.ts";
import { unpackSeries } from "./wire.ts";
import { LIVE_PHASES, LIVE_RUN } from "./test_live_run.ts";

Deno.test(
  "thinSeries() keeps the last point of each stretch, and a sparse series' last value " +
    "there",
  () => {
    const columns = {
      imagesSeen: Float64Array.of(1, 2, 3, 4, 5),
      time: Float64Array.of(10, 20, 30, 40, 50),
      values: {
        dense: Float32Array.of(1, 2, 3, 4, 5),
        sparse: Float32Array.of(7, NaN, NaN, NaN, 9),
      },
      cursor: "c",
    };
    assert.deepEqual(thinSeries(columns, 3), {
      imagesSeen: Float64Array.of(2, 4, 5),
      time: Float64Array.of(20, 40, 50),
      values: { dense: Float32Array.of(2, 4, 5), sparse: Float32Array.of(7, NaN, 9) },
      cursor: "c",
    });
    assert.equal(thinSeries(columns, 5), columns);
  },
);

Deno.test(
  "an overview and the whole after it are one reading of the store; a failed one is " +
    "not kept",
  async () => {
    await using app = await testApp();
    await fakeRun(app.store, app.runsDir, LIVE_RUN);
    let reads = 0;
    const readSeries = app.store.readSeries.bind(app.store);
    app.store.readSeries = (id) => {
      reads++;
      return readSeries(id);
    };
    const counts = [];
    for (const query of ["?most=10", ""]) {
      const answer = await app.ask(`/api/runs/${LIVE_RUN.id}/series${query}`);
      const { imagesSeen } = unpackSeries(await answer.arrayBuffer());
      counts.push([imagesSeen.length, answer.headers.get("x-whole")]);
    }
    assert.deepEqual(counts, [[10, "0"], [40, "1"]]);
    assert.equal(reads, 1);
    const reader = createSeriesReader(app.store);
    app.store.readSeries = () => Promise.reject(new Error("locked"));
    await assert.rejects(reader.read("x"), /locked/);
    app.store.readSeries = readSeries;
    assert.equal((await reader.read(LIVE_RUN.id)).imagesSeen.length, 40);
  },
);

Deno.test(
  "after a cursor only newer points are sent; after a rewind all, and that is " +
    "told",
  async () => {
    await using app = await testApp();
    await fakeRun(app.store, app.runsDir, LIVE_RUN);
    const { cursor } = await app.store.readSeries(LIVE_RUN.id);
    const newer = async () => {
      const answer = await app.ask(
        `/api/runs/${LIVE_RUN.id}/series?after=${encodeURIComponent(cursor)}`,
      );
      const { imagesSeen } = unpackSeries(await answer.arrayBuffer());
      return [answer.headers.get("x-restarted"), [...imagesSeen]] as const;
    };
    assert.deepEqual(await newer(), ["0", []]);
    await app.store.appendSeries(LIVE_RUN.id, [fakePoint(LIVE_PHASES, 1400, Date.now())]);
    assert.deepEqual(await newer(), ["0", [1400]]);
    await app.store.rewind(LIVE_RUN.id, 100);
    const [restarted, images] = await newer();
    assert.equal(restarted, "1");
    assert.ok(images.length > 0 && images.every((n) => n <= 100));
  },
);
