import assert from "node:assert/strict";
import { handlers, islands, pages, pathOf } from "./manifest.ts";
import { parseBase } from "./lib/address.ts";
import { MOST_STREAMS } from "./live/sse.ts";
import { packResume } from "./live/wire.ts";
import { fakeRun } from "./testing/fake_runs.ts";
import { pageHeaders, TEST_HOST, testApp } from "./testing/test_app.ts";

const run = {
  id: "00001-stylegan-emoji",
  points: 50,
  grid: 2,
  snapshots: 3,
  resolution: 8,
  phaseImages: 500,
};

Deno.test("the manifest lists exactly the files in routes/ and islands/", async () => {
  const found: string[] = [];
  const walk = (folder: URL, prefix: string) => {
    for (const entry of Deno.readDirSync(folder)) {
      if (entry.isDirectory) walk(new URL(`${entry.name}/`, folder), `${prefix}${entry.name}/`);
      else if (!entry.name.startsWith("_")) found.push(prefix + entry.name);
    }
  };
  walk(new URL("./routes/", import.meta.url), "");
  assert.deepEqual(found.sort(), [...Object.keys(handlers), ...Object.keys(pages)].sort());
  const files = await Array.fromAsync(Deno.readDir(new URL("./islands/", import.meta.url)));
  assert.deepEqual(files.map((f) => f.name).sort(), islands.map((name) => `${name}.tsx`).sort());
});

Deno.test("pathOf() turns folders and brackets into a path", () => {
  assert.equal(pathOf("index.tsx"), "/");
  assert.equal(pathOf("api/runs/index.ts"), "/api/runs");
  assert.equal(pathOf("api/runs/[id]/samples/[sample].ts"), "/api/runs/:id/samples/:sample");
});

Deno.test("every route, 404s included, refuses foreign hosts, origins and sites", async () => {
  await using app = await testApp();
  await fakeRun(app.store, app.runsDir, run);
  const paths = [
    "/",
    "/login",
    "/static/app.css",
    "/nowhere",
    "/compare",
    "/explore",
    ...Object.keys(handlers).map((file) =>
      pathOf(file).replace(":id", run.id).replace(":sample", "1-ema").replace(":panel", "a.b")
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

Deno.test("every answer forbids inline script, frames and sniffing", async () => {
  await using app = await testApp();
  for (const path of ["/", "/nowhere", "/api/runs", "/runs/none"]) {
    const { headers, body } = await app.ask(path);
    const policy = headers.get("content-security-policy") ?? "";
    assert.match(policy, /script-src 'self'(;|$)/);
    assert.match(policy, /style-src 'self'(;|$)/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe/);
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(headers.get("cross-origin-resource-policy"), "same-origin");
    assert.equal(headers.get("cache-control"), "no-store");
    assert.equal(headers.get("access-control-allow-origin"), null);
    await body?.cancel();
  }
});

Deno.test("pages hold no inline script, style or handler", async () => {
  await using app = await testApp();
  await fakeRun(app.store, app.runsDir, run);
  const accept = { accept: "text/html" };
  for (const path of ["/", `/runs/${run.id}`, `/compare?runs=${run.id}`, "/explore", "/nowhere"]) {
    const html = await (await app.ask(path, { headers: accept })).text();
    assert.doesNotMatch(html, /\sstyle="/, path);
    assert.doesNotMatch(html, /<style|javascript:|\son[a-z]+="/, path);
    for (const [tag] of html.matchAll(/<script[^>]*>/g)) {
      assert.match(tag, /src="\/static\/|type="application\/json"/, path);
    }
  }
});

Deno.test("a run's text can't end the data's script element", async () => {
  await using app = await testApp();
  await fakeRun(app.store, app.runsDir, { ...run, data: "</script><script>alert(1)</script>" });
  const html = await (await app.ask("/", { headers: { accept: "text/html" } })).text();
  assert.doesNotMatch(html, /<script>alert/);
});

Deno.test("stopping needs the page's cookie, its token and its origin", async () => {
  await using app = await testApp();
  await fakeRun(app.store, app.runsDir, run);
  const good = await pageHeaders(app);
  const post = async (headers: Record<string, string>) => {
    const response = await app.ask(`/api/runs/${run.id}/stop`, { method: "POST", headers });
    await response.body?.cancel();
    return response.status;
  };
  const { cookie, origin, ...rest } = good;
  assert.equal(await post({ ...rest, cookie: cookie! }), 403, "no origin");
  assert.equal(await post({ ...rest, origin: origin! }), 403, "no cookie");
  assert.equal(await post({ ...good, "x-csrf-token": "x" }), 403, "wrong token");
  const other = await pageHeaders(app);
  assert.equal(
    await post({ ...good, "x-csrf-token": other["x-csrf-token"]! }),
    403,
    "another's token",
  );
  assert.equal(await app.store.stopRequested(run.id), false);
  assert.equal(await post(good), 200);
  assert.equal(await app.store.stopRequested(run.id), true);
});

Deno.test("cookies are HttpOnly and SameSite=Strict", async () => {
  await using app = await testApp();
  const page = await app.ask("/", { headers: { accept: "text/html" } });
  assert.match(page.headers.get("set-cookie") ?? "", /HttpOnly.*SameSite=Strict/);
  await page.body?.cancel();
});

Deno.test(
  "forgetting refuses a run that trains, and keeps the folder of one that " +
    "doesn't",
  async () => {
    await using app = await testApp();
    await fakeRun(app.store, app.runsDir, run);
    const headers = await pageHeaders(app);
    const forget = async () => {
      const response = await app.ask(`/api/runs/${run.id}/forget`, { method: "POST", headers });
      return [response.status, await response.text()] as const;
    };
    const [status, words] = await forget();
    assert.equal(status, 409);
    assert.match(words, /is training/);
    await app.store.update(run.id, { status: "stopped" });
    assert.equal((await forget())[0], 200);
    assert.equal(await app.store.head(run.id), null);
    assert.ok((await Deno.stat(`${app.runsDir}/${run.id}/reals.png`)).isFile);
  },
);

Deno.test("with a token nothing but the login page answers, until the token is given", async () => {
  const token = "abcdefghijklmnopqrstuvwxyz";
  await using app = await testApp({ token });
  for (const path of ["/", "/api/runs", "/api/events", "/runs/x/"]) {
    const response = await app.ask(path);
    assert.equal(response.status, 401, path);
    await response.body?.cancel();
  }
  const page = await app.ask("/", { headers: { accept: "text/html" } });
  assert.equal(page.headers.get("location"), "/login");
  const form = (given: string) =>
    app.ask("/login", {
      method: "POST",
      headers: {
        origin: `http://${TEST_HOST}`,
        "content-type": "application/x-www-form-urlencoded",
      },
      body: new URLSearchParams({ token: given }),
    });
  const wrong = await form("abcdefghijklmnopqrstuvwxyZ");
  assert.match(await wrong.text(), /That is not the token/);
  const right = await form(token);
  const cookie = right.headers.getSetCookie().find((c) => c.startsWith("cambium_login"))!;
  assert.match(cookie, /HttpOnly/);
  const list = await app.ask("/api/runs", { headers: { cookie: cookie.split(";")[0]! } });
  assert.equal(list.status, 200);
  await list.body?.cancel();
});

Deno.test("a missing page or run says so: as a page to a browser, as text to a script", async () => {
  await using app = await testApp();
  for (const path of ["/nowhere", "/runs/00009-none", "/runs/..%2f..%2fetc"]) {
    const page = await app.ask(path, { headers: { accept: "text/html" } });
    assert.equal(page.status, 404, path);
    assert.match(await page.text(), /Nothing grows here/, path);
  }
  const text = await app.ask("/api/runs/00009-none/details");
  assert.equal(text.status, 404);
  assert.match(await text.text(), /Cannot find run "00009-none"/);
});

Deno.test("a store that fails gives the error page with its words", async () => {
  await using app = await testApp();
  app.store.list = () => Promise.reject(new Error("Cannot read run state: the file is locked"));
  const page = await app.ask("/", { headers: { accept: "text/html" } });
  assert.equal(page.status, 500);
  assert.match(await page.text(), /the file is locked/);
});

Deno.test("one run that can't be read leaves the others in the list, and is named", async () => {
  await using app = await testApp();
  await fakeRun(app.store, app.runsDir, { ...run, grid: 0 });
  await fakeRun(app.store, app.runsDir, { ...run, id: "00002-broken", grid: 0 });
  const details = app.store.details.bind(app.store);
  app.store.details = (id) =>
    id === "00002-broken" ? Promise.reject(new Error("corrupt value")) : details(id);
  const list = await (await app.ask("/api/runs")).json();
  assert.equal(list.cards.length, 2);
  assert.equal(list.cards[0].phases.length > 0, true);
  assert.match(list.problem, /00002-broken: corrupt value/);
});

Deno.test("behind a proxy that is trusted, its https origin may change things, and cookies are Secure", async () => {
  const hosts = ["box.example", "box.example:7474"];
  const proxied = { "x-forwarded-host": "box.example", "x-forwarded-proto": "https" };
  const origin = "https://box.example";
  await using app = await testApp({ hosts, trustsProxy: true });
  await fakeRun(app.store, app.runsDir, run);
  const page = await app.ask("/", { headers: { ...proxied, accept: "text/html" } });
  const cookie = page.headers.get("set-cookie") ?? "";
  assert.match(cookie, /; Secure/);
  const token = /name="csrf" content="([^"]+)"/.exec(await page.text())![1]!;
  const stop = async (headers: Record<string, string>) => {
    const response = await app.ask(`/api/runs/${run.id}/stop`, {
      method: "POST",
      headers: { cookie: cookie.split(";")[0]!, "x-csrf-token": token, ...headers },
    });
    return [response.status, await response.text()] as const;
  };
  assert.equal((await stop({ ...proxied, origin: "http://box.example" }))[0], 403);
  assert.equal((await stop({ ...proxied, origin: "https://evil.example" }))[0], 403);
  assert.equal((await stop({ ...proxied, "x-forwarded-host": "evil.example", origin }))[0], 403);
  // A rebound name's own page may write any header but Host.
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

Deno.test("under a base every address on a page begins with it, whether or not the proxy strips it", async () => {
  await using app = await testApp({ base: "/my/cambium" });
  await fakeRun(app.store, app.runsDir, run);
  for (const path of ["/", `/runs/${run.id}`, "/compare", "/explore", "/nowhere", "/runs/none"]) {
    const pages = await Promise.all(["", "/my/cambium"].map(async (base) => {
      const page = await app.ask(base + path, { headers: { accept: "text/html" } });
      const text = await page.text();
      return text.replace(/content="[^"]*"|"now":\d+/g, "");
    }));
    assert.equal(pages[0], pages[1], path);
    for (const [, name, address] of pages[0]!.matchAll(/ (href|src|action)="(\/[^"]*)"/g)) {
      assert.match(address!, /^\/my\/cambium\//, `${name} on ${path}`);
    }
  }
  const list = await (await app.ask("/my/cambium/api/runs")).json();
  assert.match(list.cards[0].thumbnail.url, /^\/my\/cambium\/api\//);
  const cookie = await app.ask("/", { headers: { accept: "text/html" } });
  assert.match(cookie.headers.get("set-cookie") ?? "", /Path=\/my\/cambium\//);
  await cookie.body?.cancel();
  const outside = await app.ask("/my/cambiumx/api/runs");
  assert.equal(outside.status, 404);
  await outside.body?.cancel();
});

Deno.test("parseBase() takes a path however it is written, and nothing else", () => {
  for (const text of ["a/b", "/a/b", "/a/b/"]) assert.equal(parseBase(text), "/a/b");
  assert.equal(parseBase("/"), "");
  for (const text of ["/a b", "/../x", "https://box/a", "/a?b", '/"', "/ä"]) {
    assert.throws(() => parseBase(text), /Cannot serve under --base/);
  }
});

Deno.test("wrong tokens are refused a minute long after ten, and who is logged in stays so", async () => {
  const token = "abcdefghijklmnopqrstuvwxyz";
  await using app = await testApp({ token });
  const ask = async (given: string) => {
    const { status, body } = await app.ask("/api/runs", {
      headers: { authorization: `Bearer ${given}` },
    });
    await body?.cancel();
    return status;
  };
  const form = (given: string) =>
    app.ask("/login", {
      method: "POST",
      headers: { origin: `http://${TEST_HOST}` },
      body: new URLSearchParams({ token: given }),
    });
  const login = await form(token);
  const cookie = login.headers.getSetCookie()[0]!.split(";")[0]!;
  for (let i = 0; i < 10; i++) assert.equal(await ask(`guess ${i}`), 401);
  assert.equal(await ask("one more"), 429);
  assert.equal(await ask(token), 429);
  const late = await form(token);
  assert.equal(late.status, 429);
  assert.match(await late.text(), /too many wrong tokens/);
  const known = await app.ask("/api/runs", { headers: { cookie } });
  assert.equal(known.status, 200);
  await known.body?.cancel();
});

Deno.test("a flood of live streams is bounded, and room comes back when they close", async () => {
  await using app = await testApp();
  await fakeRun(app.store, app.runsDir, run);
  const from = encodeURIComponent(packResume({ cursor: "", log: 0, sessions: 1 }));
  const paths = ["/api/events", `/api/runs/${run.id}/events?from=${from}`];
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
