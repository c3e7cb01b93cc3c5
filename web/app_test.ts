import assert from "node:assert/strict";
import { fakeRun } from "./testing/fake_runs.ts";
import { pageHeaders, TEST_RUN, testApp } from "./testing/test_app.ts";

Deno.test(
  "forgetting refuses a run that trains, and keeps the folder of one that " +
    "doesn't",
  async () => {
    await using app = await testApp();
    await fakeRun(app.store, app.runsDir, TEST_RUN);
    const headers = await pageHeaders(app);
    const forget = async () => {
      const response = await app.ask(`/api/runs/${TEST_RUN.id}/forget`, {
        method: "POST",
        headers,
      });
      return [response.status, await response.text()] as const;
    };
    const [status, words] = await forget();
    assert.equal(status, 409);
    assert.match(words, /is training/);
    await app.store.update(TEST_RUN.id, { status: "stopped" });
    assert.equal((await forget())[0], 200);
    assert.equal(await app.store.head(TEST_RUN.id), null);
    assert.ok((await Deno.stat(`${app.runsDir}/${TEST_RUN.id}/reals.png`)).isFile);
  },
);

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
  await fakeRun(app.store, app.runsDir, { ...TEST_RUN, grid: 0 });
  await fakeRun(app.store, app.runsDir, { ...TEST_RUN, id: "00002-broken", grid: 0 });
  const details = app.store.details.bind(app.store);
  app.store.details = (id) =>
    id === "00002-broken" ? Promise.reject(new Error("corrupt value")) : details(id);
  const list = await (await app.ask("/api/runs")).json();
  assert.equal(list.cards.length, 2);
  assert.equal(list.cards[0].phases.length > 0, true);
  assert.match(list.problem, /00002-broken: corrupt value/);
});

Deno.test("a run's page says how to go on: with more images once it has finished", async () => {
  await using app = await testApp();
  await fakeRun(app.store, app.runsDir, { ...TEST_RUN, grid: 0 });
  const { id } = TEST_RUN,
    shown = async () => {
      const page = await app.ask(`/runs/${id}`, { headers: { accept: "text/html" } });
      const [, list] = /<span>Go on<\/span>(.+)$/s.exec(await page.text()) ?? [];
      return /deno task train --resume [^<"&]+/.exec(list ?? "")?.[0];
    };
  assert.equal(await shown(), `deno task train --resume ${id}`);
  await app.store.update(id, { status: "finished" });
  assert.equal(await shown(), `deno task train --resume ${id} --minutes 60`);
});
