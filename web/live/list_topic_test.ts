import { fakeRun } from "../testing/fake_runs.ts";
import { readUntil } from "../testing/read_until.ts";
import { testApp } from "../testing/test_app.ts";
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
