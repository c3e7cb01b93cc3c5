import assert from "node:assert/strict";
import { PaceTable, paceValues } from "./worker_pace.ts";

const pace = (imagesSeen: number) => ({ imagesSeen, imagesPerSecond: 10, waiting: 0.25 });

Deno.test("PaceTable tells of an image once all were there, and by how much each came later", () => {
  const table = new PaceTable(3);
  assert.equal(table.add(2, pace(64), 100), undefined);
  assert.equal(table.add(0, pace(64), 130), undefined);
  const rows = table.add(1, pace(64), 115);
  assert.deepEqual(rows?.map(({ rank, lag }) => [rank, lag]), [[0, 30], [1, 15], [2, 0]]);
  // a worker that is behind is not mixed with the next image's
  assert.equal(table.add(0, pace(128), 200), undefined);
  assert.equal(table.add(1, pace(128), 201), undefined);
  assert.equal(table.add(0, pace(192), 300), undefined);
  assert.equal(table.add(2, pace(128), 302), undefined);
  assert.equal(table.add(1, pace(192), 303), undefined);
  assert.equal(table.add(2, pace(192), 304)?.length, 3);
});

Deno.test("paceValues() names a curve of each worker; of many, those that lag most", () => {
  const rows = Array.from({ length: 40 }, (_, rank) => ({ rank, lag: rank, ...pace(8) }));
  const values = paceValues(rows);
  assert.equal(values["worker_lag/39"], 39);
  assert.equal(values["worker_rate/39"], 10);
  assert.equal(values["worker_wait/24"], 0.25);
  assert.equal(Object.keys(values).length, 48);
  assert.ok(!("worker_lag/23" in values));
});
