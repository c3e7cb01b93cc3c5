import assert from "node:assert/strict";
import { join } from "node:path";
import { resolveConfig } from "../../config/mod.ts";
import type { LoadedPlugin } from "../../plugin/mod.ts";
import { withFiles } from "../../testing/with_folder.ts";
import { openDataset } from "../../../datasets/mod.ts";
import sketch from "../../../plugins/sketch/mod.ts";
import type { Notices } from "../notices.ts";
import { withYoungerOptions } from "../spec/deciding_config.ts";
import type { RunSpec } from "../spec/run_spec.ts";
import { classesWanted, openRunDataset } from "./run_dataset.ts";

const model = { plugin: sketch, specifier: "sketch" } as unknown as LoadedPlugin; // of any schema
const files = {
  "a.ndjson": JSON.stringify({ drawing: [[[0, 9], [0, 9]], [[0, 9], [9, 0]], [[1, 2], [5, 5]]] }),
};

const silent: Notices = { progress() {}, warn() {}, log() {}, done() {} };

/** Facts about a run's data, with options of the sketch plugin. */
async function infoOf(folder: string, values: Record<string, unknown>) {
  const [options] = resolveConfig([sketch.config], [{ from: "the test", values }]);
  const spec = {
    run: { startResolution: 8, resolution: 8 },
    options: { sketch: options },
    data: {
      source: join(folder, "a.ndjson"),
      heldOut: 0,
      channels: 1,
      fit: "cover",
      background: "#ffffff",
    },
  } as unknown as RunSpec; // openRunDataset() reads no more
  const dataset = await openRunDataset(spec, { model, addOns: [] }, silent, { cache: undefined });
  dataset.close();
  return dataset.info;
}

Deno.test(
  "a run's data is split and varied as the options of its plugin say, and its digest " +
    "tells",
  async () => {
    await withFiles(files, async (folder) => {
      const usual = await infoOf(folder, {});
      assert.equal(usual.count, 2); // cuts of three strokes
      assert.equal((await infoOf(folder, { split: "leave-one-out" })).count, 3);
      for (const values of [{ rotate: 0 }, { scaleJitter: 0 }, { shift: 0 }, { split: "order" }]) {
        assert.notEqual(
          (await infoOf(folder, values)).digest,
          usual.digest,
          JSON.stringify(values),
        );
      }
    });
  },
);

Deno.test("without options a run's sketches are those of the data alone", async () => {
  await withFiles(files, async (folder) => {
    const alone = await openDataset({
      kind: "sketches",
      source: join(folder, "a.ndjson"),
      maxResolution: 8,
      heldOut: 0,
    });
    alone.close();
    assert.equal((await infoOf(folder, {})).digest, alone.info.digest);
  });
});

Deno.test("options younger than a checkpoint have their defaults in it; its own stay", () => {
  const config = withYoungerOptions({ seed: 3, shift: 0.2 }, [model]);
  assert.deepEqual(
    [config.split, config.rotate, config.shift, config.seed],
    ["auto", -1, 0.2, 3],
  );
});

Deno.test("labels are required where an option asks for them, else taken where there are some", () => {
  assert.equal(classesWanted({ stylegan: { labels: true } }).labels, "required");
  assert.equal(classesWanted({ stylegan: { labels: false } }).labels, false);
  assert.equal(classesWanted({ stylegan: { labels: false, clusters: 4 } }).clusters, 4);
  assert.equal(classesWanted({ progan: {} }).labels, true);
});
