import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openRunStore } from "../core/run/store/open_store.ts";
import { runChild, whileHeld } from "../core/run/folder/test_process.ts";
import { packResume } from "./live/wire.ts";
import { guardStoreFile } from "./live/store_file.ts";
import { fakePhases, fakePoint, fakeRun } from "./testing/fake_runs.ts";
import { readUntil } from "./testing/read_until.ts";
import { pageHeaders, type TestApp, testApp } from "./testing/test_app.ts";

const html = { accept: "text/html" };
const small = { points: 20, grid: 2, snapshots: 2, resolution: 8, phaseImages: 500 };
const [first, second] = ["00001-whole", "00002-damaged"];

/** An app over a KV file with two runs. @param deadline for the dashboard's own calls, ms */
async function kvApp(deadline = 20_000): Promise<TestApp & { path: string }> {
  let path = "";
  const app = await testApp({
    openStore: async (runsDir) => {
      path = join(runsDir, "cambium.kv");
      return await guardStoreFile(
        await openRunStore(path, { deadline, pollInterval: 20 }),
        path,
      );
    },
  });
  const writer = await openRunStore(path, { deadline: 20_000 });
  for (const id of [first, second]) await fakeRun(writer, app.runsDir, { ...small, id });
  writer.close();
  return Object.assign(app, { path });
}

async function get(app: TestApp, path: string): Promise<[status: number, text: string]> {
  const response = await app.ask(path, { headers: html });
  return [response.status, await response.text()];
}

/** Overwrites the bytes of a value without Deno KV noticing. */
function corrupt(path: string, key: readonly string[]): void {
  const database = new DatabaseSync(path);
  // Deno KV encodes a key of strings as 2, UTF-8 and 0 for each part; more parts may follow.
  const prefix = Buffer.concat(key.map((part) => Buffer.from(`\x02${part}\x00`)));
  const { changes } = database.prepare(
    "update kv set v = ? where substr(k, 1, ?) = ? and v_encoding = 1",
  ).run(Buffer.from("garbage"), prefix.length, prefix);
  database.close();
  assert.ok(changes > 0, `nothing at ${key}`);
}

/** Like {@linkcode corrupt}, but for one key without those below it. */
function corruptHead(path: string, id: string): void {
  const database = new DatabaseSync(path);
  const key = Buffer.from(`\x02runs\x00\x02${id}\x00`);
  database.prepare("update kv set v = ? where k = ?").run(Buffer.from("garbage"), key);
  database.close();
}

Deno.test(
  "while another process holds the file locked, pages show; a change says who is in " +
    "the way",
  async () => {
    await using app = await kvApp(2000);
    const headers = await pageHeaders(app);
    const stop = () => app.ask(`/api/runs/${first}/stop`, { method: "POST", headers });
    await whileHeld("lock-kv", app.path, async (held) => {
      for (const path of ["/", `/runs/${first}`, `/compare?runs=${first}`, "/explore"]) {
        assert.equal((await get(app, path))[0], 200, path);
      }
      const refused = await stop();
      assert.equal(refused.status, 500);
      assert.match(await refused.text(), /Cannot request a stop in the run store at .*cambium\.kv/);
      await held.end();
    });
    const answer = await stop();
    assert.equal(answer.status, 200, await answer.text());
  },
);

Deno.test(
  "a file that is removed or replaced under the dashboard is told on every " +
    "page",
  async () => {
    await using app = await kvApp();
    await Deno.rename(app.path, `${app.path}.away`);
    for (const path of ["/", `/runs/${first}`]) {
      const [status, text] = await get(app, path);
      assert.equal(status, 500);
      assert.match(text, /cambium\.kv: the file was removed since the dashboard started. Restart/);
    }
    await Deno.writeTextFile(app.path, "");
    assert.match((await get(app, "/"))[1], /the file was replaced/);
    await Deno.remove(app.path);
    await Deno.rename(`${app.path}.away`, app.path);
    assert.equal((await get(app, "/"))[0], 200);
  },
);

Deno.test("a run whose head is damaged is named; all other runs and pages work", async () => {
  await using app = await kvApp();
  corruptHead(app.path, second!);
  const list = await (await app.ask("/api/runs")).json();
  assert.deepEqual(list.cards.map((card: { head: { id: string } }) => card.head.id), [first]);
  assert.match(list.problem, /00002-damaged: Cannot read a run .*could not deserialize/);
  assert.match((await get(app, "/"))[1], /00002-damaged: Cannot read a run/);
  const [status, text] = await get(app, `/runs/${second}`);
  assert.equal(status, 500);
  assert.match(text, /could not deserialize/);
  for (const path of [`/runs/${first}`, `/compare?runs=${first},${second}`, "/explore"]) {
    assert.equal((await get(app, path))[0], 200, path);
  }
});

Deno.test("a head of another shape is named too, with what still works", async () => {
  await using app = await kvApp();
  const kv = await Deno.openKv(app.path);
  await kv.set(["runs", second!], { id: second, status: 7 });
  kv.close();
  const list = await (await app.ask("/api/runs")).json();
  assert.equal(list.cards.length, 1);
  assert.match(list.problem, /run "00002-damaged".*damaged.*--resume 00002-damaged/);
  assert.match((await get(app, `/runs/${second}`))[1], /its record in the run store is damaged/);
  const other = await Deno.openKv(app.path);
  await other.set(["runs", second!], "rubbish"); // even its id is lost
  other.close();
  const { cards, problem } = await (await app.ask("/api/runs")).json();
  assert.equal(cards.length, 1);
  assert.match(problem, /run "00002-damaged".*damaged.*--resume 00002-damaged/);
});

Deno.test(
  "damaged samples leave the run's page standing, and damaged curves its " +
    "samples",
  async () => {
    await using app = await kvApp();
    corrupt(app.path, ["runs", second!, "samples"]);
    const [status, text] = await get(app, `/runs/${second}`);
    assert.equal(status, 200);
    assert.match(text, /Run state can(&#39;|')t be read right now.*Cannot list samples/s);
    assert.equal((await app.ask(`/api/runs/${second}/series`)).status, 200);

    corrupt(app.path, ["runs", first!, "series"]);
    const series = await app.ask(`/api/runs/${first}/series`);
    assert.equal(series.status, 500);
    assert.match(await series.text(), /Cannot read a series/);
    assert.equal((await get(app, `/runs/${first}`))[0], 200);
  },
);

Deno.test("a run folder that was deleted costs its pictures and nothing else", async () => {
  await using app = await kvApp();
  const [sample] = await app.store.samples(first!);
  await Deno.remove(join(app.runsDir, first!), { recursive: true });
  assert.equal((await get(app, `/runs/${first}`))[0], 200);
  assert.equal((await app.ask(`/api/runs/${first}/series`)).status, 200);
  for (const path of ["reals", `samples/${sample!.imagesSeen}-ema`]) {
    const response = await app.ask(`/api/runs/${first}/${path}`);
    assert.equal(response.status, 404);
    assert.match(await response.text(), /the file is gone or unreadable/);
  }
  assert.equal((await app.ask(`/api/runs/${second}/reals`)).status, 200);
});

Deno.test(
  "two processes that train into one file both arrive, each in its own " +
    "stream",
  async () => {
    await using app = await kvApp();
    await fakeRun(app.store, app.runsDir, { ...small, id: "a", grid: 0, points: 1, progress: 0 });
    const writer = await openRunStore(app.path, { deadline: 20_000 });
    const phases = fakePhases(8, 500);
    const follow = async (id: string) => {
      const { cursor } = await app.store.readSeries(id);
      const { next } = await app.store.readLog(id);
      const from = encodeURIComponent(packResume({ cursor, log: next, sessions: 1 }));
      return await app.ask(`/api/runs/${id}/events?from=${from}`);
    };
    const streams = [await follow(first!), await follow("a")];
    const child = runChild("append", app.path, 20); // writes run "a"
    for (let i = 0; i < 20; i++) {
      await writer.appendSeries(first!, [fakePoint(phases, 1400 + i, i)]);
      await writer.update(first!, { imagesSeen: 1400 + i });
    }
    assert.ok((await child).success);
    writer.close();
    const [mine, theirs] = await Promise.all(
      streams.map((stream, i) =>
        readUntil(stream, [/"imagesSeen":\[[^\]]*1419\]/, /"imagesSeen":\[[^\]]*19\]/][i]!)
      ),
    );
    assert.doesNotMatch(mine!, /"child"/);
    assert.match(theirs!, /"child"/);
  },
);
