import assert from "node:assert/strict";
import { fakeRun } from "../testing/fake_runs.ts";
import { TEST_RUN, testApp } from "../testing/test_app.ts";

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
  await fakeRun(app.store, app.runsDir, TEST_RUN);
  const accept = { accept: "text/html" };
  for (
    const path of [
      "/",
      `/runs/${TEST_RUN.id}`,
      `/compare?runs=${TEST_RUN.id}`,
      "/explore",
      "/nowhere",
    ]
  ) {
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
  await fakeRun(app.store, app.runsDir, {
    ...TEST_RUN,
    data: "</script><script>alert(1)</script>",
  });
  const html = await (await app.ask("/", { headers: { accept: "text/html" } })).text();
  assert.doesNotMatch(html, /<script>alert/);
});
