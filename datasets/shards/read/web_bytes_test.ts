import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../../../core/testing/with_folder.ts";
import { greyShards, greysOf, shardsIn, withShards } from "../test_shards.ts";
import { encodeIndex } from "../index/index_file.ts";
import { indexShard } from "../index/shard_index.ts";
import { openWebBytes } from "./web_bytes.ts";

const patience = { tries: 3, pause: 1, timeout: 10_000 };
const content = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);

/** Answers a range request as a server does. */
function answer(request: Request, bytes: Uint8Array): Response {
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.get("range") ?? "")!;
  const end = Math.min(Number(to) + 1, bytes.length);
  const headers = { "content-range": `bytes ${from}-${end - 1}/${bytes.length}`, etag: '"1"' };
  return new Response(bytes.slice(Number(from), end), { status: 206, headers });
}

/** Runs a test against a local server. */
async function withServer(
  handler: (request: Request, path: string) => Response | Promise<Response>,
  test: (address: string) => Promise<void>,
): Promise<void> {
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    (request) => handler(request, new URL(request.url).pathname),
  );
  await test(`http://127.0.0.1:${server.addr.port}`);
}

Deno.test("ranges are read, also behind redirects", () =>
  withServer(
    (request, path) =>
      path === "/a.tar"
        ? new Response(null, { status: 302, headers: { location: "/b.tar" } })
        : answer(request, content),
    async (address) => {
      const bytes = await openWebBytes(`${address}/a.tar`, patience);
      assert.equal(bytes.size, 1000);
      assert.deepEqual(await bytes.read(300, 50), content.slice(300, 350));
      assert.deepEqual(await bytes.read(999, 1), content.slice(999));
      assert.deepEqual(await bytes.read(1000, 0), new Uint8Array());
    },
  ));

Deno.test("what a request fails by is asked for again, up to a number of times", async () => {
  let requests = 0;
  const failing = (times: number) => (request: Request) => {
    requests++;
    if (requests > times) return answer(request, content);
    return requests % 2 === 1
      ? new Response("busy", { status: 503 })
      : new Response(content.slice(0, 3), { // fewer bytes than were asked for
        status: 206,
        headers: { "content-range": "bytes 0-0/1000", etag: '"1"' },
      });
  };
  await withServer(failing(2), async (address) => {
    const bytes = await openWebBytes(`${address}/a.tar`, patience);
    assert.deepEqual([bytes.size, requests], [1000, 3]);
  });
  requests = 0;
  await withServer(failing(9), async (address) => {
    await assert.rejects(openWebBytes(`${address}/a.tar`, patience), /in 3 requests: status 503/);
    assert.equal(requests, 3);
  });
});

Deno.test("nothing there, no ranges, a ring of redirects and a changed file are told", async () => {
  let etag = '"1"';
  const ranges = { "content-range": "bytes 0-0/1000" };
  await withServer((request, path) => {
    if (path === "/none") return new Response("no", { status: 404 });
    if (path === "/whole") return new Response(content);
    if (path === "/more") return new Response(content, { status: 206, headers: ranges });
    if (path === "/ring") return Response.redirect(new URL("/ring", request.url), 302);
    const response = answer(request, content);
    response.headers.set("etag", etag);
    return response;
  }, async (address) => {
    const open = (path: string) => openWebBytes(`${address}/${path}`, patience);
    await assert.rejects(open("none"), /expected a file, received status 404/);
    await assert.rejects(open("whole"), /expected a server with range requests/);
    await assert.rejects(open("more"), /more bytes than requested/);
    await assert.rejects(open("ring"), /at most 5 redirects/);
    const bytes = await open("file");
    etag = '"2"';
    await assert.rejects(bytes.read(0, 5), /the file to be the one that was opened/);
  });
});

Deno.test("shards train from a server whose first request fails; indexes there are taken", async () => {
  const files = await greyShards(2, 4), asked: string[] = [];
  const bytes = files["00.tar"]!;
  const shard = {
    size: bytes.length,
    revision: "",
    read: (from: number, length: number) => Promise.resolve(bytes.slice(from, from + length)),
    close() {},
  };
  files["00.tar.idx"] = encodeIndex(await indexShard(shard, "00.tar"));
  await withServer((request, path) => {
    const name = path.slice("/set/".length), isFirst = !asked.includes(name);
    asked.push(name);
    if (isFirst && name === "00.tar") return new Response("starting", { status: 503 });
    const file = files[name];
    return file ? answer(request, file) : new Response("no", { status: 404 });
  }, (address) =>
    withFolder(async (folder) => {
      const options = shardsIn(folder, {
        source: `shards:${address}/set/{00..01}.tar`,
        cacheDir: join(folder, "cache"),
      });
      const count = (name: string) => asked.filter((path) => path === name).length;
      await withShards(options, async (data) => {
        assert.equal(data.info.name, "set");
        assert.deepEqual([count("00.tar") - 1, count("00.tar.idx")], [1, 2], "a look and no more");
        assert.ok(count("01.tar") > 1, "its headers are read");
        const { greys } = await greysOf(data, { batches: 2 });
        assert.deepEqual(greys.sort(), [0, 1, 2, 3, 4, 5, 6, 7]);
      });
      await withShards(options, () => Promise.resolve());
      assert.deepEqual([count("00.tar.idx"), count("01.tar.idx")], [2, 1], "they are kept");
    }));
});
