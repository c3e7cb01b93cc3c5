import assert from "node:assert/strict";
import { join } from "node:path";
import tiny from "../../tests/faults/tiny_gan.ts";
import { withTinyData } from "../../tests/faults/tiny_run.ts";
import { resumeRun, startRun } from "../engine.ts";
import { listSamples } from "./folder/list_samples.ts";
import { readRunConfig, writeRunConfig } from "./folder/run_folder.ts";
import { samplePath } from "./folder/sample_path.ts";
import { surplusSamples } from "./folder/thin_samples.ts";
import { openRunStore } from "./store/open_store.ts";

const optionsOf = (folder: string, runs: string) => ({
  plugin: tiny,
  data: join(folder, "data"),
  cache: join(folder, "cache"),
  runs: join(folder, runs),
  backend: "wasm" as const,
  resolution: 8,
  sched: ["4:4::0:60", "8:4::32:60"],
  previewCount: 1,
  checkpointEvery: 1000,
  statsEvery: 1000,
  sampleEvery: 4,
});

Deno.test(
  "grids of a run are thinned in its folder and in Deno KV alike, and its state is " +
    "that of a run with all",
  () =>
    withTinyData(async (folder) => {
      using all = await startRun({ ...optionsOf(folder, "all"), keepSamples: 0 });
      const { digest } = await all.train();
      const paths = (await listSamples(all.folder)).sort();
      assert.ok(paths.length > 30, String(paths.length));
      using thinned = await startRun({ ...optionsOf(folder, "thinned"), keepSamples: 28 });
      assert.equal((await thinned.train()).digest, digest);
      const left = (await listSamples(thinned.folder)).sort();
      assert.ok(left.length <= 28 && left.every((path) => paths.includes(path)), String(left));
      assert.equal(left.at(-1), paths.at(-1));
      const store = await openRunStore(join(folder, "thinned", "cambium.kv"));
      assert.deepEqual((await store.samples(thinned.id)).map(({ path }) => path), left);
      store.close();
    }),
);

Deno.test("a run that is older than the limit says once that it has one now, and has it", () =>
  withTinyData(async (folder) => {
    const usual = optionsOf(folder, "runs"), { plugin, runs, cache } = usual;
    const options = { ...usual, resolution: 4, sched: ["4:4::0:600"], sampleEvery: 1000 };
    let id = "";
    {
      using run = await startRun({ ...options, keepSamples: 0, images: 440 });
      await run.train();
      id = run.folder;
    }
    const config = await readRunConfig(id);
    // as it was written above
    const { keepSamples: _, ...older } = config.run as Record<string, unknown>;
    await writeRunConfig(id, { ...config, run: older });
    for (let images = 1; images < 440; images++) { // as a run of many grids left them
      const path = samplePath({ imagesSeen: images, resolution: 4, phaseKind: "stabilize" });
      await Deno.copyFile(join(id, "reals.png"), join(id, path));
    }
    const going = surplusSamples(await listSamples(id), 400).length;
    assert.ok(going > 0);
    for (const images of [444, 448]) {
      using run = await resumeRun({ plugin, runs, cache, images, sampleEvery: 4 });
      await run.train();
    }
    const log = await Deno.readTextFile(join(id, "log.txt"));
    assert.deepEqual(log.match(/From now on at most 400 .*: \d+ of \d+ go/g)?.length, 1);
    assert.match(log, new RegExp(`: ${going} of `));
    assert.ok((await listSamples(id)).length <= 400);
  }));
