import assert from "node:assert/strict";
import { startServer } from "../main.ts";
import { openRunStore } from "../../core/run/mod.ts";
import { allowedHosts } from "./hosts.ts";
import { isLoopback } from "./loopback.ts";
import { MIN_TOKEN_LENGTH } from "./session.ts";
import { handlers, pathOf } from "../manifest.ts";
import { fakeRun } from "../testing/fake_runs.ts";
import { TEST_RUN, testApp } from "../testing/test_app.ts";

Deno.test("allowedHosts() names loopback with the exact port, and the bound address", () => {
  const loopback = ["127.0.0.1:80", "localhost:80", "[::1]:80"];
  assert.deepEqual([...allowedHosts({ host: "127.0.0.1", port: 80 })], loopback);
  assert.deepEqual([...allowedHosts({ host: "0.0.0.0", port: 80 })], loopback);
  assert.deepEqual([...allowedHosts({ host: "192.0.2.7", port: 80 })], [
    ...loopback,
    "192.0.2.7:80",
  ]);
});

Deno.test("isLoopback() knows this machine's addresses only", () => {
  for (const host of ["127.0.0.1", "127.1.2.3", "localhost", "::1"]) {
    assert.ok(isLoopback(host), host);
  }
  for (const host of ["0.0.0.0", "::", "192.0.2.7", "127.0.0.1.example", "localhost.example"]) {
    assert.ok(!isLoopback(host), host);
  }
});

Deno.test(
  "an allowed name stands for the usual ports and the dashboard's own; one with a port " +
    "for that alone",
  () => {
    const added = (text: string) =>
      [...allowedHosts({ host: "127.0.0.1", port: 7474, allowed: [text] })].slice(3);
    assert.deepEqual(added("Box.Example"), ["box.example", "box.example:7474"]);
    assert.deepEqual(added("localhost:9000"), ["localhost:9000"]);
    assert.deepEqual(added("box:443"), ["box", "box:443"]);
    assert.deepEqual(added("[FD00::0:1]:8080"), ["[fd00::1]:8080"]);
    assert.deepEqual(added("fd00::1"), ["[fd00::1]", "[fd00::1]:7474"]);
    assert.deepEqual(added("käse.example:1"), ["xn--kse-qla.example:1"]);
    for (const bad of ["", "http://box", "box/path", "a b", "box:", "user@box", "box:70000", "*"]) {
      assert.throws(() => added(bad), /Cannot allow host/, bad);
    }
  },
);

Deno.test(
  "a dashboard that others can reach has a token, and makes one where none is " +
    "given",
  async () => {
    const store = await openRunStore(":memory:");
    const options = { store, runsDir: ".", host: "127.0.0.1", port: 0 };
    try {
      for (
        const [more, isOpen] of [
          [{}, false],
          [{ allowHosts: ["localhost:9000", "[::1]:80"] }, false],
          [{ allowHosts: ["box.example"] }, true],
          [{ trustsProxy: true }, true],
          [{ host: "0.0.0.0" }, true],
        ] as const
      ) {
        const server = await startServer({ ...options, ...more });
        await server.close();
        assert.equal((server.token ?? "").length >= MIN_TOKEN_LENGTH, isOpen, JSON.stringify(more));
      }
      await assert.rejects(startServer({ ...options, token: "short" }), /at least 22 characters/);
    } finally {
      store.close();
    }
  },
);

Deno.test("every route, 404s included, refuses foreign hosts, origins and sites", async () => {
  await using app = await testApp();
  await fakeRun(app.store, app.runsDir, TEST_RUN);
  const paths = [
    "/",
    "/login",
    "/static/app.css",
    "/nowhere",
    "/compare",
    "/explore",
    ...Object.keys(handlers).map((file) =>
      pathOf(file).replace(":id", TEST_RUN.id).replace(":sample", "1-ema").replace(":panel", "a.b")
    ),
  ];
  const foreign: Record<string, string>[] = [
    { host: "evil.example:7474" },
    { host: "127.0.0.1:7475" },
    { host: "127.0.0.1" },
    { origin: "http://evil.example" },
    { origin: "null" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
  ];
  for (const path of paths) {
    for (const headers of foreign) {
      const response = await app.ask(path, { headers });
      assert.equal(response.status, 403, `${path} with ${JSON.stringify(headers)}`);
      await response.body?.cancel();
    }
  }
});

Deno.test("behind a proxy that is trusted, its https origin may change things, and cookies are Secure", async () => {
  const hosts = ["box.example", "box.example:7474"];
  const proxied = { "x-forwarded-host": "box.example", "x-forwarded-proto": "https" };
  const origin = "https://box.example";
  await using app = await testApp({ hosts, trustsProxy: true });
  await fakeRun(app.store, app.runsDir, TEST_RUN);
  const page = await app.ask("/", { headers: { ...proxied, accept: "text/html" } });
  const cookie = page.headers.get("set-cookie") ?? "";
  assert.match(cookie, /; Secure/);
  const token = /name="csrf" content="([^"]+)"/.exec(await page.text())![1]!;
  const stop = async (headers: Record<string, string>) => {
    const response = await app.ask(`/api/runs/${TEST_RUN.id}/stop`, {
      method: "POST",
      headers: { cookie: cookie.split(";")[0]!, "x-csrf-token": token, ...headers },
    });
    return [response.status, await response.text()] as const;
  };
  assert.equal((await stop({ ...proxied, origin: "http://box.example" }))[0], 403);
  assert.equal((await stop({ ...proxied, origin: "https://evil.example" }))[0], 403);
  assert.equal((await stop({ ...proxied, "x-forwarded-host": "evil.example", origin }))[0], 403);
  // A page of a rebound name may set any header except Host.
  assert.equal((await stop({ ...proxied, host: "evil.example:7474", origin }))[0], 403);
  assert.equal((await stop({ ...proxied, origin }))[0], 200);
});

Deno.test("a proxy that is not trusted can't say who asks, and the refusal names the options", async () => {
  await using app = await testApp({ hosts: ["box.example"] });
  const foreign = await app.ask("/", { headers: { host: "localhost:9000" } });
  assert.equal(foreign.status, 403);
  assert.match(await foreign.text(), /--allow-host localhost:9000$/);
  const origin = await app.ask("/", {
    headers: { host: "box.example", "x-forwarded-proto": "https", origin: "https://box.example" },
  });
  assert.equal(origin.status, 403);
  assert.match(await origin.text(), /--trust-proxy/);
});
