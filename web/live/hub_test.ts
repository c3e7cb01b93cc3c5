import assert from "node:assert/strict";
import { openRunStore } from "../../core/run/mod.ts";
import { createHub } from "./hub.ts";

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
