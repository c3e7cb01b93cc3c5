import assert from "node:assert/strict";
import { withFiles } from "../../core/testing/with_folder.ts";
import { inspectDataset } from "../inspect.ts";
import { openDataset } from "../open_dataset.ts";
import { imagesIn, plainPng } from "../test_images.ts";

Deno.test(
  "skipSmaller leaves out and lists images below the last resolution, and only then " +
    "changes the digest",
  async () => {
    const grey = (value: number, width: number, height = width) =>
      plainPng({ r: value, g: value, b: value }, width, height);
    const files = {
      "in/a.png": await grey(10, 4),
      "in/b.png": await grey(20, 8),
      "in/c.png": await grey(30, 9, 7),
      "in/d.png": await grey(40, 20, 8),
    };
    await withFiles(files, async (folder) => {
      const open = (skipSmaller: boolean, maxResolution = 8) =>
        openDataset(imagesIn(folder, { maxResolution, skipSmaller }));
      const [all, large, none] = [await open(false), await open(true), await open(true, 4)];
      assert.deepEqual(large.info.skipped.map(({ path, reason }) => `${path}: ${reason}`), [
        "a.png: 4×4 is smaller than 8 px",
        "c.png: 9×7 is smaller than 8 px",
      ]);
      assert.deepEqual([all.info.count, large.info.count, none.info.count], [4, 2, 4]);
      assert.notEqual(large.info.digest, all.info.digest);
      assert.equal(none.info.digest, all.info.digest);
      const loader = large.open({
        resolution: 8,
        batchSize: 2,
        cursor: 0,
        seed: 0,
        shuffle: false,
      });
      const { images } = await loader.next();
      const first = [0, 8 * 8 * 3].map((at) => Math.round((images!.data[at]! + 1) * 127.5));
      assert.deepEqual(first, [20, 40], "the pixels are those of b and d");
      loader.close();
      for (const dataset of [all, large, none]) dataset.close();
      await assert.rejects(
        () => open(true, 32),
        /at least 32 px.*smaller ones alone \(4\), first a\.png/,
      );
    });
  },
);

Deno.test("a class of which skipSmaller leaves no image is no class", async () => {
  const grey = (value: number, width: number) => plainPng({ r: value, g: value, b: value }, width);
  const files = {
    "in/a/1.png": await grey(10, 4),
    "in/b/2.png": await grey(20, 8),
    "in/c/3.png": await grey(30, 8),
  };
  await withFiles(files, async (folder) => {
    const options = imagesIn(folder, { labels: true });
    const all = await openDataset(options);
    const large = await openDataset({ ...options, skipSmaller: true });
    assert.deepEqual([all.info.labels, large.info.labels], [["a", "b", "c"], ["b", "c"]]);
    const loader = large.open({ resolution: 8, batchSize: 2, cursor: 0, seed: 0, shuffle: false });
    assert.deepEqual([...(await loader.next()).labels!.data], [0, 1]);
    loader.close();
    for (const dataset of [all, large]) dataset.close();
    const { labels, sizes, enlarged } = await inspectDataset({ ...options, skipSmaller: true });
    assert.deepEqual(labels, [{ name: "b", count: 1 }, { name: "c", count: 1 }]);
    assert.deepEqual([sizes, enlarged], [[{ name: "8×8", count: 2 }], 0]);
  });
});
