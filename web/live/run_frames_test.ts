import assert from "node:assert/strict";
import type { SampleEntry } from "../../core/run/store/types.ts";
import { fakePoint, fakeRun } from "../testing/fake_runs.ts";
import { readUntil } from "../testing/read_until.ts";
import { testApp } from "../testing/test_app.ts";
import { packResume, type PublicSample, publicSample, samplesPosition } from "./wire.ts";
import { LIVE_PHASES, LIVE_RUN } from "./test_live_run.ts";

Deno.test(
  "the run's stream sends what was written since, and resumes where a reader " +
    "stopped",
  async () => {
    await using app = await testApp();
    await fakeRun(app.store, app.runsDir, LIVE_RUN);
    const { cursor } = await app.store.readSeries(LIVE_RUN.id);
    const { next } = await app.store.readLog(LIVE_RUN.id);
    const from = packResume({ cursor, log: next, sessions: 1 });
    const first = await app.ask(`/api/runs/${LIVE_RUN.id}/events?from=${encodeURIComponent(from)}`);
    await app.store.appendSeries(LIVE_RUN.id, [fakePoint(LIVE_PHASES, 1400, Date.now())]);
    await app.store.appendLog(LIVE_RUN.id, [{
      time: 1,
      imagesSeen: 1400,
      level: "info",
      message: "hello",
    }]);
    const text = await readUntil(first, /event: series[\s\S]*event: log[\s\S]*hello/);
    assert.match(text, /"imagesSeen":\[1400\]/);
    const id = [...text.matchAll(/^id: (.+)$/gm)].at(-1)![1]!;

    await app.store.appendSeries(LIVE_RUN.id, [fakePoint(LIVE_PHASES, 1450, Date.now())]);
    const again = await app.ask(`/api/runs/${LIVE_RUN.id}/events`, {
      headers: { "last-event-id": id },
    });
    const rest = await readUntil(again, /event: series/);
    assert.match(rest, /"imagesSeen":\[1450\]/);
    assert.doesNotMatch(rest, /1400,/);
    assert.doesNotMatch(rest, /hello/);
  },
);

Deno.test("panels are sent when they changed, and not again with every state", async () => {
  await using app = await testApp();
  await fakeRun(app.store, app.runsDir, { ...LIVE_RUN, panels: true });
  const { cursor } = await app.store.readSeries(LIVE_RUN.id);
  const from = packResume({ cursor, log: 0, sessions: 1 });
  const answer = await app.ask(`/api/runs/${LIVE_RUN.id}/events?from=${encodeURIComponent(from)}`);
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
  await app.store.update(LIVE_RUN.id, { imagesSeen: 4242 });
  await readUntil('"imagesSeen":4242');
  assert.equal(count(), 1);
  const shown = { plugin: "watch", name: "words", title: "In words", imagesSeen: 9, time: 9 };
  await app.store.setPanel(LIVE_RUN.id, { ...shown, kind: "text", data: "Something new" });
  await readUntil("Something new");
  assert.equal(count(), 2);
  await reader.cancel();
});

Deno.test(
  "a rewound run tells its readers to load anew; a deleted one that it is " +
    "gone",
  async () => {
    await using app = await testApp();
    await fakeRun(app.store, app.runsDir, LIVE_RUN);
    const { cursor } = await app.store.readSeries(LIVE_RUN.id);
    const from = encodeURIComponent(packResume({ cursor, log: 0, sessions: 1 }));
    const rewound = await app.ask(`/api/runs/${LIVE_RUN.id}/events?from=${from}`);
    await app.store.rewind(LIVE_RUN.id, 100);
    await app.store.update(LIVE_RUN.id, { sessions: 2 });
    await readUntil(rewound, /event: reset/);
    const deleted = await app.ask(
      `/api/runs/${LIVE_RUN.id}/events?from=${
        encodeURIComponent(packResume({ cursor, log: 0, sessions: 2 }))
      }`,
    );
    await app.store.delete(LIVE_RUN.id);
    await readUntil(deleted, /event: (gone|reset)/);
  },
);

Deno.test(
  "a heartbeat of a run with thousands of samples sends none of them; a new one is " +
    "sent alone",
  async () => {
    await using app = await testApp();
    await fakeRun(app.store, app.runsDir, LIVE_RUN);
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
      await app.store.addSample(LIVE_RUN.id, { ...entry, imagesSeen, path, time: imagesSeen });
      await app.store.update(LIVE_RUN.id, { latestSample: path });
    };
    for (let i = 1; i <= 2000; i++) await add(i);
    const samples = (await app.store.samples(LIVE_RUN.id)).map((s) => publicSample(LIVE_RUN.id, s));
    const { cursor } = await app.store.readSeries(LIVE_RUN.id);
    const { next } = await app.store.readLog(LIVE_RUN.id);
    const open = (held: readonly PublicSample[]) => {
      const from = packResume({ cursor, log: next, sessions: 1, samples: samplesPosition(held) });
      return app.ask(`/api/runs/${LIVE_RUN.id}/events?from=${encodeURIComponent(from)}`);
    };
    const all = await readUntil(await open([]), /event: samples\n.*\n\n/);
    assert.ok(all.length > 200_000);
    const rewound = await readUntil(
      await open([...samples.slice(0, 5), samples[9]!]),
      /event: samples\n.*\n\n/,
    );
    assert.match(rewound, /"keep":0/);

    const stream = await open(samples);
    await app.store.update(LIVE_RUN.id, { imagesSeen: 4321 });
    await add(9000);
    await app.store.update(LIVE_RUN.id, { imagesSeen: 4322 });
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
    await fakeRun(app.store, app.runsDir, LIVE_RUN);
    const path = (i: number) => `samples/${i}.png`;
    for (let i = 1; i <= 9; i++) {
      await app.store.addSample(LIVE_RUN.id, {
        ...{ columns: 1, rows: 1, resolution: 8, phaseKind: "fade", alpha: 1, cell: 8 },
        ...{ weights: "ema", imagesSeen: i, path: path(i), time: i },
      });
    }
    const held = (await app.store.samples(LIVE_RUN.id)).map((s) => publicSample(LIVE_RUN.id, s));
    const { cursor } = await app.store.readSeries(LIVE_RUN.id);
    const { next } = await app.store.readLog(LIVE_RUN.id);
    const from = packResume({ cursor, log: next, sessions: 1, samples: samplesPosition(held) });
    const stream = await app.ask(
      `/api/runs/${LIVE_RUN.id}/events?from=${encodeURIComponent(from)}`,
    );
    await app.store.removeSamples(LIVE_RUN.id, [2, 4, 6].map(path));
    await app.store.update(LIVE_RUN.id, { latestSample: path(9) });
    const [, delta] = /event: samples\ndata: (.*)\n/.exec(
      await readUntil(stream, /event: samples\n.*\n\n/),
    )!;
    const { keep, added } = JSON.parse(delta!);
    assert.equal(keep, 0);
    assert.deepEqual(added.map((s: PublicSample) => s.imagesSeen), [1, 3, 5, 7, 8, 9]);
  },
);
