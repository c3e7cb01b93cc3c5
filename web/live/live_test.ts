import assert from "node:assert/strict";
import type { SampleEntry } from "../../core/run/store/types.ts";
import { openRunStore } from "../../core/run/mod.ts";
import { fakePhases, fakePoint, fakeRun } from "../testing/fake_runs.ts";
import { readUntil } from "../testing/read_until.ts";
import { testApp } from "../testing/test_app.ts";
import { createDeltaRing } from "./delta_ring.ts";
import { createHub } from "./hub.ts";
import { eventStream } from "./sse.ts";
import { createSeriesReader, thinSeries } from "./series_overview.ts";
import { SeriesBuffer } from "./series_buffer.ts";
import {
  packResume,
  packSeries,
  type PublicSample,
  publicSample,
  samplesPosition,
  unpackResume,
  unpackSeries,
} from "./wire.ts";

const run = { id: "00001-a", points: 40, grid: 0, resolution: 8, phaseImages: 500 };
const phases = fakePhases(8, 500);

Deno.test("unpackSeries() gives back what packSeries() packed, NaN and names of any length", () => {
  for (const name of ["a", "loss/générateur", "term/r1"]) {
    const columns = {
      imagesSeen: Float64Array.of(1, 2 ** 40),
      time: Float64Array.of(1.5, 2.5),
      values: { [name]: Float32Array.of(NaN, 0.25) },
      cursor: "c:1",
    };
    assert.deepEqual(unpackSeries(packSeries(columns).buffer), columns);
  }
});

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
    await fakeRun(app.store, app.runsDir, run);
    let reads = 0;
    const readSeries = app.store.readSeries.bind(app.store);
    app.store.readSeries = (id) => {
      reads++;
      return readSeries(id);
    };
    const counts = [];
    for (const query of ["?most=10", ""]) {
      const answer = await app.ask(`/api/runs/${run.id}/series${query}`);
      const { imagesSeen } = unpackSeries(await answer.arrayBuffer());
      counts.push([imagesSeen.length, answer.headers.get("x-whole")]);
    }
    assert.deepEqual(counts, [[10, "0"], [40, "1"]]);
    assert.equal(reads, 1);
    const reader = createSeriesReader(app.store);
    app.store.readSeries = () => Promise.reject(new Error("locked"));
    await assert.rejects(reader.read("x"), /locked/);
    app.store.readSeries = readSeries;
    assert.equal((await reader.read(run.id)).imagesSeen.length, 40);
  },
);

Deno.test(
  "after a cursor only newer points are sent; after a rewind all, and that is " +
    "told",
  async () => {
    await using app = await testApp();
    await fakeRun(app.store, app.runsDir, run);
    const { cursor } = await app.store.readSeries(run.id);
    const newer = async () => {
      const answer = await app.ask(
        `/api/runs/${run.id}/series?after=${encodeURIComponent(cursor)}`,
      );
      const { imagesSeen } = unpackSeries(await answer.arrayBuffer());
      return [answer.headers.get("x-restarted"), [...imagesSeen]] as const;
    };
    assert.deepEqual(await newer(), ["0", []]);
    await app.store.appendSeries(run.id, [fakePoint(phases, 1400, Date.now())]);
    assert.deepEqual(await newer(), ["0", [1400]]);
    await app.store.rewind(run.id, 100);
    const [restarted, images] = await newer();
    assert.equal(restarted, "1");
    assert.ok(images.length > 0 && images.every((n) => n <= 100));
  },
);

Deno.test("unpackResume() reads packResume() and refuses everything else", () => {
  const point = { cursor: "1:2:3", log: 4, sessions: 2 };
  assert.deepEqual(unpackResume(packResume(point)), point);
  for (const text of [undefined, "", "x", "%", "null", "{}", packResume({ ...point, log: NaN })]) {
    assert.equal(unpackResume(text), undefined, String(text));
  }
});

Deno.test("a SeriesBuffer grows, fills gaps with NaN, and drops points that don't ascend", () => {
  const buffer = new SeriesBuffer();
  buffer.append({ imagesSeen: [1, 2], time: [1, 2], values: { a: [1, 2] }, cursor: "x" });
  buffer.append({
    imagesSeen: [2, 3],
    time: [2, 3],
    values: { a: [9, 3], b: [8, null] },
    cursor: "y",
  });
  for (let i = 4; i < 3000; i++) {
    buffer.append({ imagesSeen: [i], time: [i], values: { b: [i] }, cursor: String(i) });
  }
  assert.equal(buffer.length, 2999);
  assert.deepEqual([...buffer.column("a").subarray(0, 4)], [1, 2, 3, NaN]);
  assert.deepEqual([...buffer.column("b").subarray(0, 4)], [NaN, NaN, NaN, 4]);
  assert.equal(buffer.latest("a"), 3);
  assert.equal(buffer.latest("b"), 2999);
  assert.equal(buffer.cursor, "2999");
});

Deno.test("a DeltaRing gives what a reader lacks, and undefined when that is gone", () => {
  const ring = createDeltaRing<number>(2);
  ring.startAt(0);
  assert.deepEqual(ring.since(0), []);
  ring.push(1, "a");
  ring.push(2, "b");
  assert.deepEqual(ring.since(1), [{ from: 1, to: 2, text: "b" }]);
  ring.push(3, "c");
  assert.equal(ring.since(0), undefined);
  assert.equal(ring.since(1)?.length, 2);
});

Deno.test("fifty readers of a run share one watch, and it ends with the last of them", async () => {
  const store = await openRunStore(":memory:");
  let watches = 0;
  const watch = store.watch.bind(store);
  store.watch = (id, signal) => {
    watches++;
    return watch(id, signal);
  };
  const hub = createHub(store, 0);
  const leases = Array.from({ length: 50 }, () => hub.run("00001-a"));
  assert.equal(hub.watching, 1);
  await leases[0]!.topic.changed(-1, AbortSignal.timeout(20_000));
  await new Promise((resolve) => setTimeout(resolve, 0));
  for (const lease of leases) lease.release();
  assert.equal(hub.watching, 0);
  assert.ok(watches <= 1, String(watches));
  hub.close();
  store.close();
});

Deno.test(
  "a reader that doesn't read is never asked ahead: frames are made when there is " +
    "room",
  async () => {
    let made = 0;
    const response = eventStream(
      () => Promise.resolve([{ event: "n", data: String(made++) }]),
      () => {},
    );
    await new Promise((resolve) => setTimeout(resolve, 30));
    assert.ok(made <= 2, `made ${made} frames for a reader that took none`);
    await response.body!.cancel();
  },
);

Deno.test("an event stream splits lines, carries ids, and tells when its reader left", async () => {
  let ended = 0;
  const frames = [[{ event: "log", data: "a\nb", id: "7" }], null];
  const response = eventStream(() => Promise.resolve(frames.shift()!), () => ended++);
  const text = await response.text();
  assert.match(text, /id: 7\nevent: log\ndata: a\ndata: b\n\n/);
  assert.equal(ended, 1);
});

Deno.test(
  "the run's stream sends what was written since, and resumes where a reader " +
    "stopped",
  async () => {
    await using app = await testApp();
    await fakeRun(app.store, app.runsDir, run);
    const { cursor } = await app.store.readSeries(run.id);
    const { next } = await app.store.readLog(run.id);
    const from = packResume({ cursor, log: next, sessions: 1 });
    const first = await app.ask(`/api/runs/${run.id}/events?from=${encodeURIComponent(from)}`);
    await app.store.appendSeries(run.id, [fakePoint(phases, 1400, Date.now())]);
    await app.store.appendLog(run.id, [{
      time: 1,
      imagesSeen: 1400,
      level: "info",
      message: "hello",
    }]);
    const text = await readUntil(first, /event: series[\s\S]*event: log[\s\S]*hello/);
    assert.match(text, /"imagesSeen":\[1400\]/);
    const id = [...text.matchAll(/^id: (.+)$/gm)].at(-1)![1]!;

    await app.store.appendSeries(run.id, [fakePoint(phases, 1450, Date.now())]);
    const again = await app.ask(`/api/runs/${run.id}/events`, { headers: { "last-event-id": id } });
    const rest = await readUntil(again, /event: series/);
    assert.match(rest, /"imagesSeen":\[1450\]/);
    assert.doesNotMatch(rest, /1400,/);
    assert.doesNotMatch(rest, /hello/);
  },
);

Deno.test("panels are sent when they changed, and not again with every state", async () => {
  await using app = await testApp();
  await fakeRun(app.store, app.runsDir, { ...run, panels: true });
  const { cursor } = await app.store.readSeries(run.id);
  const from = packResume({ cursor, log: 0, sessions: 1 });
  const answer = await app.ask(`/api/runs/${run.id}/events?from=${encodeURIComponent(from)}`);
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const count = () => text.split("event: panels").length - 1;
  const readUntil = async (mark: string) => {
    while (!text.includes(mark)) text += (await reader.read()).value ?? "";
  };
  await readUntil("event: log");
  assert.equal(count(), 1);
  assert.match(text, /\/panels\/watch\.twins\?v=/);
  assert.doesNotMatch(text, /watch-twins\.png/, "no path reaches a page");
  await app.store.update(run.id, { imagesSeen: 4242 });
  await readUntil('"imagesSeen":4242');
  assert.equal(count(), 1);
  const shown = { plugin: "watch", name: "words", title: "In words", imagesSeen: 9, time: 9 };
  await app.store.setPanel(run.id, { ...shown, kind: "text", data: "Something new" });
  await readUntil("Something new");
  assert.equal(count(), 2);
  await reader.cancel();
});

Deno.test(
  "a rewound run tells its readers to load anew; a deleted one that it is " +
    "gone",
  async () => {
    await using app = await testApp();
    await fakeRun(app.store, app.runsDir, run);
    const { cursor } = await app.store.readSeries(run.id);
    const from = encodeURIComponent(packResume({ cursor, log: 0, sessions: 1 }));
    const rewound = await app.ask(`/api/runs/${run.id}/events?from=${from}`);
    await app.store.rewind(run.id, 100);
    await app.store.update(run.id, { sessions: 2 });
    await readUntil(rewound, /event: reset/);
    const deleted = await app.ask(
      `/api/runs/${run.id}/events?from=${
        encodeURIComponent(packResume({ cursor, log: 0, sessions: 2 }))
      }`,
    );
    await app.store.delete(run.id);
    await readUntil(deleted, /event: (gone|reset)/);
  },
);

Deno.test("when run state can't be read the stream says why, and goes on when it can", async () => {
  await using app = await testApp();
  await fakeRun(app.store, app.runsDir, run);
  const list = app.store.list.bind(app.store);
  const ids = app.store.ids.bind(app.store);
  const locked = () => Promise.reject(new Error("the file is locked"));
  Object.assign(app.store, { list: locked, ids: locked });
  const response = await app.ask("/api/events");
  setTimeout(() => Object.assign(app.store, { list, ids }), 200);
  await readUntil(response, /event: problem\ndata: the file is locked[\s\S]*event: list/);
});

Deno.test(
  "a heartbeat of a run with thousands of samples sends none of them; a new one is " +
    "sent alone",
  async () => {
    await using app = await testApp();
    await fakeRun(app.store, app.runsDir, run);
    const entry: SampleEntry = {
      ...{
        columns: 1,
        rows: 1,
        resolution: 8,
        phaseKind: "fade",
        alpha: 1,
        cell: 8,
        weights: "ema",
      },
      ...{ imagesSeen: 0, path: "", time: 0 },
    };
    const add = async (imagesSeen: number) => {
      const path = `samples/${imagesSeen}.png`;
      await app.store.addSample(run.id, { ...entry, imagesSeen, path, time: imagesSeen });
      await app.store.update(run.id, { latestSample: path });
    };
    for (let i = 1; i <= 2000; i++) await add(i);
    const samples = (await app.store.samples(run.id)).map((s) => publicSample(run.id, s));
    const { cursor } = await app.store.readSeries(run.id);
    const { next } = await app.store.readLog(run.id);
    const open = (held: readonly PublicSample[]) => {
      const from = packResume({ cursor, log: next, sessions: 1, samples: samplesPosition(held) });
      return app.ask(`/api/runs/${run.id}/events?from=${encodeURIComponent(from)}`);
    };
    const all = await readUntil(await open([]), /event: samples\n.*\n\n/);
    assert.ok(all.length > 200_000);
    const rewound = await readUntil(
      await open([...samples.slice(0, 5), samples[9]!]),
      /event: samples\n.*\n\n/,
    );
    assert.match(rewound, /"keep":0/);

    const stream = await open(samples);
    await app.store.update(run.id, { imagesSeen: 4321 });
    await add(9000);
    await app.store.update(run.id, { imagesSeen: 4322 });
    const text = await readUntil(stream, /"keep":2000[^]*"imagesSeen":4322/);
    assert.ok(text.length < 20_000, `${text.length} characters`);
    const [, delta] = /event: samples\ndata: (.*)\n/.exec(text)!;
    const { keep, added } = JSON.parse(delta!);
    assert.deepEqual([keep, added.map((s: PublicSample) => s.imagesSeen)], [2000, [9000]]);
  },
);

Deno.test(
  "when grids in between go, a reader is sent those that stay, and its newest does not " +
    "hide it",
  async () => {
    await using app = await testApp();
    await fakeRun(app.store, app.runsDir, run);
    const path = (i: number) => `samples/${i}.png`;
    for (let i = 1; i <= 9; i++) {
      await app.store.addSample(run.id, {
        ...{ columns: 1, rows: 1, resolution: 8, phaseKind: "fade", alpha: 1, cell: 8 },
        ...{ weights: "ema", imagesSeen: i, path: path(i), time: i },
      });
    }
    const held = (await app.store.samples(run.id)).map((s) => publicSample(run.id, s));
    const { cursor } = await app.store.readSeries(run.id);
    const { next } = await app.store.readLog(run.id);
    const from = packResume({ cursor, log: next, sessions: 1, samples: samplesPosition(held) });
    const stream = await app.ask(`/api/runs/${run.id}/events?from=${encodeURIComponent(from)}`);
    await app.store.removeSamples(run.id, [2, 4, 6].map(path));
    await app.store.update(run.id, { latestSample: path(9) });
    const [, delta] = /event: samples\ndata: (.*)\n/.exec(
      await readUntil(stream, /event: samples\n.*\n\n/),
    )!;
    const { keep, added } = JSON.parse(delta!);
    assert.equal(keep, 0);
    assert.deepEqual(added.map((s: PublicSample) => s.imagesSeen), [1, 3, 5, 7, 8, 9]);
  },
);
