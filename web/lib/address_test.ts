import assert from "node:assert/strict";
import { parseBase } from "./address.ts";
import { fakeRun } from "../testing/fake_runs.ts";
import { TEST_RUN, testApp } from "../testing/test_app.ts";

Deno.test("parseBase() takes a path however it is written, and nothing else", () => {
  for (const text of ["a/b", "/a/b", "/a/b/"]) assert.equal(parseBase(text), "/a/b");
  assert.equal(parseBase("/"), "");
  for (const text of ["/a b", "/../x", "https://box/a", "/a?b", '/"', "/ä"]) {
    assert.throws(() => parseBase(text), /Cannot serve under --base/);
  }
});

Deno.test("under a base every address on a page begins with it, whether or not the proxy strips it", async () => {
  await using app = await testApp({ base: "/my/cambium" });
  await fakeRun(app.store, app.runsDir, TEST_RUN);
  for (
    const path of ["/", `/runs/${TEST_RUN.id}`, "/compare", "/explore", "/nowhere", "/runs/none"]
  ) {
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
