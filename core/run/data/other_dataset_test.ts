import assert from "node:assert/strict";
import { join } from "node:path";
import type { Dataset, DatasetInfo, HostTensor } from "../../data.ts";
import { withFiles } from "../../testing/with_folder.ts";
import { gradientPng } from "../../../datasets/test_images.ts";
import { allHeldOut, openOtherDataset } from "./other_dataset.ts";
import { openRunDataset } from "./run_dataset.ts";
import { runOn } from "./test_run.ts";

const files = {
  "own/a.png": await gradientPng(8, 8, 10),
  "own/b.png": await gradientPng(8, 8, 20),
  "other/c.png": await gradientPng(8, 8, 30),
  "other/d.png": await gradientPng(8, 8, 40),
  "other/e.png": await gradientPng(8, 8, 50),
};

Deno.test(
  "openOtherDataset() holds out every image of the other data, and lets none be " +
    "trained on",
  async () => {
    await withFiles(files, async (folder) => {
      const { run, place } = await runOn(folder);
      const dataset = await openOtherDataset(run, join(folder, "other"), place);
      try {
        assert.deepEqual([dataset.info.count, dataset.info.heldOutCount], [0, 3]);
        const reading = { resolution: 8, batchSize: 3, cursor: 0, seed: 0, shuffle: false };
        const loader = dataset.open({ ...reading, split: "held-out" });
        const { images } = await loader.next();
        loader.close();
        // 3 images
        const blue = [0, 1, 2].map((i) =>
          Math.round((images!.data[i * 8 * 8 * 3 + 2]! + 1) * 127.5)
        );
        assert.deepEqual(blue, [30, 40, 50]);
        assert.throws(() => dataset.open(reading), /is only for measuring/);
      } finally {
        dataset.close();
      }
    });
  },
);

Deno.test("openOtherDataset() takes the run's own data as the run split it", async () => {
  await withFiles(files, async (folder) => {
    const { run, place } = await runOn(folder);
    await Deno.rename(join(folder, "own"), join(folder, "moved"));
    const { info, close } = await openOtherDataset(run, join(folder, "moved"), place);
    close();
    assert.deepEqual([info.count, info.heldOutCount], [1, 1]);
  });
});

Deno.test("openOtherDataset() keeps pictures too small for a crop, to be measured whole", async () => {
  const small = {
    "other/f.png": await gradientPng(33, 40),
    "own/a.png": await gradientPng(64, 64),
  };
  await withFiles(small, async (folder) => {
    const { run, place } = await runOn(folder, 64);
    const crops = { ...run.loaded.model.plugin, crops: () => true };
    const loaded = { ...run.loaded, model: { ...run.loaded.model, plugin: crops } };
    const how = { ...place, resolution: 64 };
    const other = await openOtherDataset({ ...run, loaded }, join(folder, "other"), how);
    const sizes = [];
    for await (const { width, height } of other.wholePictures!("held-out")) {
      sizes.push([width, height]);
    }
    assert.deepEqual([sizes, other.info.heldOutCount], [[[33, 40]], 0]);
    other.close();
  });
});

Deno.test("allHeldOut() keeps how a batch is shown, and the pairs of sketches", () => {
  const info = { count: 2, heldOutCount: 0 } as DatasetInfo, shown = { data: [], shape: [] };
  const pairs = [{ own: true }] as unknown as ReturnType<NonNullable<Dataset["sketchPairs"]>>;
  const { picture, sketchPairs, wholePictures } = allHeldOut({
    info,
    open: () => assert.fail(),
    picture: () => shown as unknown as HostTensor,
    sketchPairs: (split) => split === "train" ? pairs : [],
    close() {},
  });
  assert.equal(picture!({}), shown);
  assert.equal(sketchPairs!("held-out"), pairs);
  assert.equal(wholePictures, undefined);
});

Deno.test("allHeldOut() refuses data that is split", async () => {
  await withFiles(files, async (folder) => {
    const { run, place } = await runOn(folder);
    const split = await openRunDataset(run.spec, run.loaded, place.notices, place);
    assert.throws(() => allHeldOut(split), /received 1 held out/);
    split.close();
  });
});
