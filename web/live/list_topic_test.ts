import assert from "node:assert/strict";
import type { SampleEntry } from "../../core/run/store/types.ts";
import { fakePhases, fakeRun } from "../testing/fake_runs.ts";
import { readUntil } from "../testing/read_until.ts";
import { testApp } from "../testing/test_app.ts";
import { createCardReader } from "./list_topic.ts";
import { LIVE_RUN } from "./test_live_run.ts";

Deno.test("when run state can't be read the stream says why, and goes on when it can", async () => {
  await using app = await testApp();
  await fakeRun(app.store, app.runsDir, LIVE_RUN);
  const list = app.store.list.bind(app.store);
  const ids = app.store.ids.bind(app.store);
  const locked = () => Promise.reject(new Error("the file is locked"));
  Object.assign(app.store, { list: locked, ids: locked });
  const response = await app.ask("/api/events");
  setTimeout(() => Object.assign(app.store, { list, ids }), 200);
  await readUntil(response, /event: problem\ndata: the file is locked[\s\S]*event: list/);
});

Deno.test("a run with the name of one that was deleted has phases and a picture of its own", async () => {
  await using app = await testApp();
  const { id } = LIVE_RUN, read = createCardReader(app.store), path = "samples/a.png";
  const sample: SampleEntry = {
    imagesSeen: 100,
    resolution: 4,
    phaseKind: "stabilize",
    alpha: 1,
    path,
    columns: 1,
    rows: 1,
    cell: 4,
    weights: "ema",
    time: 0,
  };
  for (const [time, resolution] of [[1, 8], [2, 16]] as const) {
    await fakeRun(app.store, app.runsDir, { ...LIVE_RUN, resolution });
    await app.store.addSample(id, { ...sample, time });
    await app.store.update(id, { latestSample: path });
    const [card] = (await read()).cards;
    assert.deepEqual(card?.phases, fakePhases(resolution, LIVE_RUN.phaseImages));
    assert.match(card.thumbnail!.url, new RegExp(`v=${time}$`));
    await app.store.delete(id);
  }
});
