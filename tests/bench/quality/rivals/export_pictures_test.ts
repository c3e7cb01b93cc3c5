import assert from "node:assert/strict";
import { join } from "node:path";
import { listPictures, openPicture, readPictureFile } from "../../../../core/images/mod.ts";
import { withFiles } from "../../../../core/testing/with_folder.ts";
import { openDataset } from "../../../../datasets/mod.ts";
import { gradientPng } from "../../../../datasets/test_images.ts";
import { exportPictures } from "./export_pictures.ts";

Deno.test("each training image becomes one file of its bytes, none that is held out", async () => {
  const files: Record<string, Uint8Array> = {};
  for (let i = 0; i < 40; i++) files[`data/${i}.png`] = await gradientPng(8, 8, 6 * i);
  await withFiles(files, async (folder) => {
    const dataset = await openDataset({
      ...{ kind: "images", source: join(folder, "data"), maxResolution: 8, heldOut: 0.1 },
      cacheDir: join(folder, "cache"),
    });
    const out = join(folder, "out");
    try {
      assert.equal(await exportPictures(dataset, 8, out), 36);
    } finally {
      dataset.close();
    }
    const decoded = async (path: string) => {
      const picture = await openPicture(await readPictureFile(path));
      assert.deepEqual([picture.width, picture.height], [8, 8]);
      return (await picture.decode((image) => image.removeAlpha().raw())).data.join();
    };
    const given = new Set<string>();
    for (const name of Object.keys(files)) given.add(await decoded(join(folder, name)));
    const { pictures } = await listPictures([out]);
    const written = new Set(await Promise.all(pictures.map(({ path }) => decoded(path))));
    assert.equal(pictures.length, 36);
    assert.equal(written.size, 36);
    for (const bytes of written) assert.ok(given.has(bytes));
  });
});
