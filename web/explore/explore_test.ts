import assert from "node:assert/strict";
import { fakeEngine } from "../testing/fake_generator.ts";
import { fakeRun } from "../testing/fake_runs.ts";
import { pageHeaders, testApp } from "../testing/test_app.ts";
import { createExplorerClient, ExplorerError } from "./client.ts";
import { createLatest } from "./latest.ts";
import { type GenerateRequest, serveExplorer, type Stroke } from "../../core/explore/mod.ts";
import { simplify } from "./strokes.ts";

const token = "a-token-of-at-least-22-characters";
const model = { run: "00001-a", imagesSeen: 100 };
const seeds = (seed: number): GenerateRequest => ({ kind: "seeds", seeds: [seed], truncation: 1 });

Deno.test("of many requests in one lane only the first and the newest are made", async () => {
  const engine = fakeEngine(40);
  const server = serveExplorer(engine, { token });
  const client = createExplorerClient({ port: server.port, token });
  try {
    assert.equal(await client.backend(), "A test generator");
    const replies = await Promise.all(
      [1, 2, 3, 4, 5].map((s) => client.generate("tab", model, seeds(s))),
    );
    assert.deepEqual(replies.map((r) => r !== null), [true, false, false, false, true]);
    assert.deepEqual(engine.requests, [seeds(1), seeds(5)]);
    const other = await client.generate("another tab", model, seeds(9));
    assert.ok(other && other.png.startsWith("iVBOR"), "a PNG in base64");
  } finally {
    client.close();
    server.close();
  }
});

Deno.test(
  "a wrong token gets nothing; a process that isn't there is said to be " +
    "absent",
  async () => {
    const server = serveExplorer(fakeEngine(), { token });
    const wrong = createExplorerClient({ port: server.port, token: "wrong" });
    await assert.rejects(wrong.backend(), ExplorerError);
    server.close();
    const absent = createExplorerClient({ port: server.port, token });
    await assert.rejects(absent.backend(), (e) => e instanceof ExplorerError && e.isAbsent);
    await assert.rejects(
      createExplorerClient(undefined).backend(),
      (e) => e instanceof ExplorerError && e.isAbsent,
    );
  },
);

Deno.test("the generator's own error reaches the page, and it goes on", async () => {
  const engine = fakeEngine();
  const generate = engine.generate;
  engine.generate = () => Promise.reject(new Error("Cannot load weights: the file is cut short"));
  const server = serveExplorer(engine, { token });
  const client = createExplorerClient({ port: server.port, token });
  try {
    await assert.rejects(client.generate("t", model, seeds(1)), /the file is cut short/);
    engine.generate = generate;
    assert.ok(await client.generate("t", model, seeds(1)));
  } finally {
    client.close();
    server.close();
  }
});

Deno.test("the page's routes open a checkpoint that exists and give its picture", async () => {
  const server = serveExplorer(fakeEngine(), { token });
  {
    await using app = await testApp({ explorer: { port: server.port, token } });
    await fakeRun(app.store, app.runsDir, { id: "00001-a", points: 2, grid: 0, resolution: 8 });
    const headers = await pageHeaders(app);
    const { imagesSeen } = (await app.store.checkpoints("00001-a"))[0]!;
    const post = (path: string, body: unknown) =>
      app.ask(path, { method: "POST", headers, body: JSON.stringify(body) });
    const opened = await (await post("/api/explore/open", { run: "00001-a", imagesSeen })).json();
    assert.equal(opened.model.kind, "style");
    const body = { run: "00001-a", imagesSeen, lane: "x", request: seeds(3) };
    const picture = await post("/api/explore/generate", body);
    assert.equal(picture.headers.get("content-type"), "image/png");
    assert.deepEqual([...new Uint8Array(await picture.arrayBuffer()).slice(1, 4)], [80, 78, 71]);
    const unknown = await post("/api/explore/generate", { ...body, imagesSeen: 1 });
    assert.equal(unknown.status, 404);
    await unknown.body?.cancel();
    const wrong = await post("/api/explore/generate", { ...body, request: { kind: "seeds" } });
    assert.equal(wrong.status, 400);
    await wrong.body?.cancel();
  }
  server.close();
});

Deno.test("a dropped picture is projected: progress, then its name; one at a time", async () => {
  const engine = fakeEngine(20), server = serveExplorer(engine, { token });
  {
    await using app = await testApp({ explorer: { port: server.port, token } });
    await fakeRun(app.store, app.runsDir, { id: "00001-a", points: 2, grid: 0, resolution: 8 });
    const headers = await pageHeaders(app);
    const { imagesSeen } = (await app.store.checkpoints("00001-a"))[0]!;
    const request = { name: "dog", picture: "iVBORw0KGgo=", tune: true };
    const ask = (body: unknown, more: Record<string, string> = headers) =>
      app.ask("/api/explore/project", {
        method: "POST",
        headers: more,
        body: JSON.stringify(body),
      });
    const body = { run: "00001-a", imagesSeen, request };
    const linesOf = async (response: Response) =>
      (await response.text()).trim().split("\n").map((line) => JSON.parse(line));
    const both = await Promise.all([ask(body), ask(body)].map(async (r) => linesOf(await r)));
    const [refusal, ...found] = both.toSorted((a, b) => a.length - b.length);
    assert.match(refusal![0].problem, /one at a time/);
    assert.deepEqual(found, [[
      { what: "Searching", fraction: 0.5 },
      { what: "Searching", fraction: 1 },
      { name: "dog" },
    ]]);
    const opened = await app.ask("/api/explore/open", {
      method: "POST",
      headers,
      body: JSON.stringify({ run: "00001-a", imagesSeen }),
    });
    assert.deepEqual((await opened.json()).model.steering.pictures, ["cat", "dog"]);
    for (
      const [wrong, status] of [
        [{ ...body, imagesSeen: 1 }, 404],
        [{ ...body, run: "../00001-a" }, 400],
        [{ ...body, request: { ...request, name: "../dog" } }, 400],
        [{ ...body, request: { ...request, picture: "x".repeat(13 * 2 ** 20) } }, 413],
      ] as const
    ) {
      const response = await ask(wrong);
      assert.equal(response.status, status);
      await response.body?.cancel();
    }
    const keep = (request: unknown, more: Record<string, string> = headers) =>
      app.ask("/api/explore/keep", {
        method: "POST",
        headers: more,
        body: JSON.stringify({ run: "00001-a", imagesSeen, request }),
      });
    const way = { name: "older", amounts: { smile: 1, 2: -0.5 }, layers: "all" };
    assert.deepEqual(await (await keep(way)).json(), { name: "older" });
    for (const wrong of [{ ...way, name: "a b" }, { ...way, amounts: { 1: 0 } }]) {
      const response = await keep(wrong);
      assert.equal(response.status, 400);
      await response.body?.cancel();
    }
    const { "x-csrf-token": _, ...without } = headers as Record<string, string>;
    for (const refused of [await ask(body, without), await keep(way, without)]) {
      assert.equal(refused.status, 403);
      await refused.body?.cancel();
    }
  }
  server.close();
});

Deno.test("without a generating process the page teaches how to start one", async () => {
  await using app = await testApp();
  await fakeRun(app.store, app.runsDir, { id: "00001-a", points: 2, grid: 0, resolution: 8 });
  const html = await (await app.ask("/explore", { headers: { accept: "text/html" } })).text();
  assert.match(html, /The generating process isn(&#39;|')t running/);
  assert.match(html, /deno task web/);
});

Deno.test(
  "createLatest() never runs two at once, skips what is outdated, and ends on the " +
    "newest",
  async () => {
    const ran: number[] = [];
    const results: number[] = [];
    let running = 0;
    const newest = Promise.withResolvers<void>();
    const latest = createLatest(async (n: number) => {
      assert.equal(++running, 1);
      ran.push(n);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running--;
      return n;
    }, {
      onResult(n) {
        results.push(n);
        if (n === 20) newest.resolve();
      },
      onError: assert.fail,
      onBusy: () => {},
    });
    for (let n = 1; n <= 20; n++) latest.ask(n);
    await newest.promise;
    assert.deepEqual(ran, [1, 20]);
    assert.deepEqual(results, [1, 20]);
    assert.equal(latest.dropped, 18);
  },
);

Deno.test("simplify() keeps corners and drops points on the way", () => {
  const stroke: Stroke = [[0, 0], [0.25, 0.0001], [0.5, 0], [0.5, 0.25], [0.5, 0.5]];
  assert.deepEqual(simplify(stroke, 0.01), [[0, 0], [0.5, 0], [0.5, 0.5]]);
});

Deno.test("a model that draws lines answers with the picture and an SVG a cell", async () => {
  const server = serveExplorer(fakeEngine(), { token });
  {
    await using app = await testApp({ explorer: { port: server.port, token } });
    const id = "00001-sketch";
    await fakeRun(app.store, app.runsDir, { id, points: 2, grid: 0, resolution: 8 });
    const headers = await pageHeaders(app);
    const { imagesSeen } = (await app.store.checkpoints(id))[0]!;
    const values = { strokes: [[[0, 0], [1, 1]]], part: null, seeds: [0, 1, 2, 3, 4, 5, 6, 7, 8] };
    const body = { run: id, imagesSeen, lane: "x", request: { kind: "plugin", values } };
    const response = await app.ask("/api/explore/generate", {
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
    assert.equal(response.headers.get("x-columns"), "3");
    const form = await response.formData(), picture = form.get("picture");
    assert.ok(picture instanceof Blob && picture.type === "image/png");
    const svgs = form.getAll("svg").map(String);
    assert.equal(svgs.length, 9);
    assert.equal(new Set(svgs).size, 9);
    assert.match(svgs[0]!, /^<svg .*<path d="M32,32L224,128"/);
  }
  server.close();
});
