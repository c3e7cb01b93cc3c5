import assert from "node:assert/strict";
import { withFolder } from "../../core/testing/with_folder.ts";
import { fakeRun } from "../testing/fake_runs.ts";
import { testApp } from "../testing/test_app.ts";
import { readRunPicture, RunFileError } from "./run_files.ts";

const run = { id: "00001-a", points: 5, grid: 2, snapshots: 2, resolution: 8, phaseImages: 500 };

Deno.test("a sample is served by its images and weights, with its own bytes", async () => {
  await using app = await testApp();
  await fakeRun(app.store, app.runsDir, run);
  const sample = (await app.store.samples(run.id))[0]!;
  const response = await app.ask(
    `/api/runs/${run.id}/samples/${sample.imagesSeen}-ema?v=${sample.time}`,
  );
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "image/png");
  assert.match(response.headers.get("cache-control") ?? "", /immutable/);
  const bytes = new Uint8Array(await response.arrayBuffer());
  assert.deepEqual(bytes, await Deno.readFile(`${app.runsDir}/${run.id}/${sample.path}`));
});

Deno.test(
  "a panel's pictures are served by plugin and panel, and never from outside the run " +
    "folder",
  async () => {
    await using app = await testApp();
    await fakeRun(app.store, app.runsDir, { ...run, panels: true });
    const ask = (name: string) => app.ask(`/api/runs/${run.id}/panels/${name}`);
    const answer = await ask("watch.twins");
    assert.deepEqual([answer.status, answer.headers.get("content-type")], [200, "image/png"]);
    const file = await Deno.readFile(`${app.runsDir}/${run.id}/panels/watch-twins.png`);
    assert.deepEqual(new Uint8Array(await answer.arrayBuffer()), file);
    const twins = (await app.store.panels(run.id)).find((panel) => panel.name === "twins")!;
    assert.ok(twins.kind === "pictures" && twins.data);
    await Deno.writeFile(`${app.runsDir}/outside.png`, file);
    const data = { ...twins.data, path: "../outside.png" };
    await app.store.setPanel(run.id, { ...twins, data });
    for (const name of ["watch.twins", "watch.words", "watch.nothing", "..%2fhead"]) {
      const refused = await ask(name);
      assert.equal(refused.status, 404, name);
      await refused.body?.cancel();
    }
  },
);

Deno.test("no path leads out of a run folder: dots, absolute paths, links, other types", () =>
  withFolder(async (root) => {
    await Deno.mkdir(`${root}/runs/a/samples`, { recursive: true });
    await Deno.mkdir(`${root}/runs/ab`);
    await Deno.writeTextFile(`${root}/secret.png`, "secret");
    await Deno.writeTextFile(`${root}/runs/ab/x.png`, "another run's");
    await Deno.writeTextFile(`${root}/runs/a/config.json`, "{}");
    await Deno.writeTextFile(`${root}/runs/a/good.png`, "good");
    await Deno.symlink(`${root}/secret.png`, `${root}/runs/a/link.png`);
    await Deno.symlink(root, `${root}/runs/a/up`);
    await Deno.mkdir(`${root}/moved`);
    await Deno.writeTextFile(`${root}/moved/good.png`, "moved");
    await Deno.symlink(`${root}/secret.png`, `${root}/moved/link.png`);
    await Deno.symlink(`${root}/moved`, `${root}/runs/linked`);
    await Deno.mkdir(`${root}/runs/a/folder.png`);
    const read = (id: string, path: string) => readRunPicture(`${root}/runs`, { id, path });
    assert.equal(new TextDecoder().decode((await read("a", "good.png")).bytes), "good");
    const moved = await read("linked", "good.png"); // a run folder that was moved and linked
    assert.equal(new TextDecoder().decode(moved.bytes), "moved");
    const bad: [string, string][] = [
      ["a", "../../secret.png"],
      ["a", "samples/../../../secret.png"],
      ["a", "%2e%2e/%2e%2e/secret.png"],
      ["a", `${root}/secret.png`],
      ["a", "../ab/x.png"],
      ["a", "link.png"],
      ["a", "up/secret.png"],
      ["linked", "../secret.png"],
      ["linked", "link.png"],
      ["a", "config.json"],
      ["a", "folder.png"],
      ["a", "gone.png"],
      ["a", "good.png\0.png"],
      ["..", "secret.png"],
      ["a/../..", "secret.png"],
      [".", "a/good.png"],
    ];
    for (const [id, path] of bad) {
      await assert.rejects(read(id, path), RunFileError, `${id} ${path}`);
    }
  }));

Deno.test("run state that names a file outside gives 404, not the file", async () => {
  await using app = await testApp();
  await fakeRun(app.store, app.runsDir, run);
  await Deno.writeTextFile(`${app.runsDir}/secret.png`, "secret");
  const entry = (await app.store.samples(run.id))[0]!;
  await app.store.addSample(run.id, { ...entry, imagesSeen: 7, path: "../secret.png" });
  const response = await app.ask(`/api/runs/${run.id}/samples/7-ema`);
  assert.equal(response.status, 404);
  assert.doesNotMatch(await response.text(), /^secret/);
});

Deno.test("a deleted run folder costs the picture, not the page", async () => {
  await using app = await testApp();
  await fakeRun(app.store, app.runsDir, run);
  await Deno.remove(`${app.runsDir}/${run.id}`, { recursive: true });
  const picture = await app.ask(`/api/runs/${run.id}/reals`);
  assert.equal(picture.status, 404);
  await picture.body?.cancel();
  const page = await app.ask(`/runs/${run.id}`, { headers: { accept: "text/html" } });
  assert.equal(page.status, 200);
  await page.body?.cancel();
});
