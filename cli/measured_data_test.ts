import assert from "node:assert/strict";
import { join } from "node:path";
import { gradientPng, withFolder } from "../datasets/test_images.ts";
import { openMeasuredDataset } from "./measured_data.ts";
import type { OpenRun } from "./open_run.ts";
import { openRunDataset } from "./sitting.ts";
import { createStatus } from "./terminal/status.ts";

/** A run on the folder's `own` pictures, and what it is warned of. */
async function runOn(folder: string) {
  const warnings: string[] = [];
  const status = { ...createStatus(true), warn: (message: string) => void warnings.push(message) };
  const loaded = [{ plugin: { name: "test", data: "images" } }] as unknown as OpenRun["loaded"]; // read: data
  const spec = {
    run: { startResolution: 8, resolution: 8 },
    options: {},
    data: {
      source: join(folder, "own"),
      fit: "cover",
      background: "#ffffff",
      channels: 3,
      heldOut: 0.5,
    },
  } as unknown as OpenRun["spec"]; // openRunDataset() reads no more
  const place = { status, cache: join(folder, "cache") };
  const dataset = await openRunDataset(spec, loaded, status, place.cache);
  dataset.close();
  return { run: { id: "00004-test", spec, loaded, dataset: dataset.info }, place, warnings };
}

Deno.test("openMeasuredDataset() warns where a run's own data is no longer what it learned from", async () => {
  const files: Record<string, Uint8Array> = {
    "other/e.png": await gradientPng(8, 8, 50),
    "other/f.png": await gradientPng(8, 8, 60),
  };
  for (const name of ["a", "b", "c", "d"]) {
    files[`own/${name}.png`] = await gradientPng(8, 8, name.charCodeAt(0));
  }
  await withFolder(files, async (folder) => {
    const { run, place, warnings } = await runOn(folder);
    const open = async (source?: string) => (await openMeasuredDataset(run, source, place)).close();
    await open();
    assert.deepEqual(warnings, [], "nothing has changed");
    await Deno.writeFile(join(folder, "own", "a.png"), await gradientPng(8, 8, 200));
    await open(join(folder, "other"));
    assert.deepEqual(warnings, [], "other data");
    await open();
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!, /the data of 00004-test has changed since it was trained/);
  });
});
