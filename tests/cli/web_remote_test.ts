import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { openRunStore } from "../../core/mod.ts";
import { serveKv } from "../../core/runs/store/test_kv_server.ts";
import { fakeRun } from "../../web/testing/fake_runs.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const id = "00001-stylegan-far";

Deno.test("`web --kv URL` shows runs of a remote Deno KV, and what another process writes there", async () => {
  await using kv = serveKv();
  Deno.env.set("DENO_KV_ACCESS_TOKEN", kv.token); // the dashboard's process inherits it
  const runs = await Deno.makeTempDir({ prefix: "cambium-remote-" });
  const store = await openRunStore(kv.url);
  await fakeRun(store, runs, { id, points: 10, grid: 0, resolution: 8, heartbeatAt: Date.now() });
  const process = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "--no-check", "cli/main.ts", "web", "--no-explore", "--port", "0"],
      ...["--runs", runs, "--kv", kv.url],
    ],
    cwd: root,
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const lines = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  try {
    let text = "";
    while (!/Dashboard: (\S+)\n/.test(text)) {
      const { value, done } = await lines.read();
      assert.ok(!done, `it ended after "${text}"`);
      text += value;
    }
    const url = /Dashboard: (\S+)\n/.exec(text)![1]!; // as the loop waited for
    const page = await fetch(url, { headers: { accept: "text/html" } });
    assert.match(await page.text(), new RegExp(id));
    const stream = await fetch(new URL("api/events", url));
    const events = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
    await store.update(id, { imagesSeen: 4321 });
    let seen = "";
    while (!seen.includes('"imagesSeen":4321')) {
      const { value, done } = await events.read();
      assert.ok(!done, "the stream ended before the change came");
      seen += value;
    }
    await events.cancel();
  } finally {
    process.kill("SIGTERM");
    await process.status;
    await lines.cancel();
    store.close();
    await Deno.remove(runs, { recursive: true });
  }
});
