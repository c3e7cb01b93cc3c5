import assert from "node:assert/strict";
import { fakeRun } from "../testing/fake_runs.ts";
import { pageHeaders, TEST_HOST, TEST_RUN, testApp } from "../testing/test_app.ts";

Deno.test("stopping needs the page's cookie, its token and its origin", async () => {
  await using app = await testApp();
  await fakeRun(app.store, app.runsDir, TEST_RUN);
  const good = await pageHeaders(app);
  const post = async (headers: Record<string, string>) => {
    const response = await app.ask(`/api/runs/${TEST_RUN.id}/stop`, { method: "POST", headers });
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
  assert.equal(await app.store.stopRequested(TEST_RUN.id), false);
  assert.equal(await post(good), 200);
  assert.equal(await app.store.stopRequested(TEST_RUN.id), true);
});

Deno.test("cookies are HttpOnly and SameSite=Strict", async () => {
  await using app = await testApp();
  const page = await app.ask("/", { headers: { accept: "text/html" } });
  assert.match(page.headers.get("set-cookie") ?? "", /HttpOnly.*SameSite=Strict/);
  await page.body?.cancel();
});

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
