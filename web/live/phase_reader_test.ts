import assert from "node:assert/strict";
import { fakeRun } from "../testing/fake_runs.ts";
import { testApp } from "../testing/test_app.ts";
import { createPhaseReader } from "./phase_reader.ts";
import { LIVE_RUN } from "./test_live_run.ts";

Deno.test("phases are read again where a head tells of another phase, session or run", async () => {
  await using app = await testApp();
  await fakeRun(app.store, app.runsDir, LIVE_RUN);
  const head = (await app.store.head(LIVE_RUN.id))!;
  const details = app.store.details.bind(app.store);
  let reads = 0;
  Object.assign(app.store, { details: (id: string) => (reads++, details(id)) });
  const phasesOf = createPhaseReader(app.store);
  const { phases } = (await details(head.id))!;
  assert.deepEqual(await phasesOf(head), phases);
  assert.deepEqual(await phasesOf({ ...head, imagesSeen: head.imagesSeen + 1 }), phases);
  assert.equal(reads, 1);
  const changes = [
    { phaseIndex: head.phaseIndex + 1 },
    { sessions: head.sessions + 1 },
    { imagesTotal: head.imagesTotal - 1 },
    { identity: "another" },
    { startedAt: head.startedAt + 1 },
  ];
  for (const change of changes) await phasesOf({ ...head, ...change });
  assert.equal(reads, 1 + changes.length);
});
