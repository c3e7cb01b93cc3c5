import assert from "node:assert/strict";
import { fakeRun } from "../testing/fake_runs.ts";
import { TEST_RUN, testApp } from "../testing/test_app.ts";
import { eventStream, MOST_STREAMS } from "./sse.ts";
import { packResume } from "./wire.ts";

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

Deno.test("an event stream whose source fails leaves its place to another", async () => {
  let ended = 0;
  const response = eventStream(() => Promise.reject(new Error("store closed")), () => ended++);
  await assert.rejects(response.text(), /store closed/);
  assert.equal(ended, 1);
});

Deno.test("a flood of live streams is bounded, and room comes back when they close", async () => {
  await using app = await testApp();
  await fakeRun(app.store, app.runsDir, TEST_RUN);
  const from = encodeURIComponent(packResume({ cursor: "", log: 0, sessions: 1 }));
  const paths = ["/api/events", `/api/runs/${TEST_RUN.id}/events?from=${from}`];
  const open = await Promise.all(
    Array.from({ length: MOST_STREAMS }, (_, i) => app.ask(paths[i % 2]!)),
  );
  assert.deepEqual(open.filter((r) => r.status !== 200), []);
  for (const path of paths) {
    const refused = await app.ask(path);
    assert.equal(refused.status, 503);
    assert.match(await refused.text(), /64 live pages are open/);
  }
  for (const response of open) await response.body!.cancel();
  const again = await app.ask("/api/events");
  assert.equal(again.status, 200);
  await again.body!.cancel();
});
