import assert from "node:assert/strict";
import { openRunStore } from "../../core/run/mod.ts";
import { serveKv } from "../../core/run/store/test_kv_server.ts";
import { withFolder } from "../../core/testing/with_folder.ts";
import { fakeRun } from "../../web/testing/fake_runs.ts";
import { readUntil } from "../../web/testing/read_until.ts";
import { withDashboard } from "./dashboard_process.ts";

const id = "00001-stylegan-far";

Deno.test(
  "`web --kv URL` shows runs of a remote Deno KV, and what another process writes " +
    "there",
  () =>
    withFolder(async (runs) => {
      await using kv = serveKv();
      Deno.env.set("DENO_KV_ACCESS_TOKEN", kv.token); // inherited by the dashboard's process
      const store = await openRunStore(kv.url);
      await fakeRun(store, runs, {
        id,
        points: 10,
        grid: 0,
        resolution: 8,
        heartbeatAt: Date.now(),
      });
      try {
        await withDashboard(["--runs", runs, "--kv", kv.url], async (url) => {
          const page = await fetch(url, { headers: { accept: "text/html" } });
          assert.match(await page.text(), new RegExp(id));
          const stream = await fetch(new URL("api/events", url));
          await store.update(id, { imagesSeen: 4321 });
          await readUntil(stream, /"imagesSeen":4321/);
        });
      } finally {
        store.close();
      }
    }),
);
