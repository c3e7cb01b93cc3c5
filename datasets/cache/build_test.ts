import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ConfigError } from "../../core/config/config_layer.ts";
import { withFiles } from "../../core/testing/with_folder.ts";
import { openDataset } from "../open_dataset.ts";
import { folderSource } from "../sources/folder.ts";
import { gradientPng, imagesIn, plainPng } from "../test_images.ts";
import { openCache } from "./build.ts";
import { imagePlan } from "./image_plan.ts";
import { defaultCacheDir } from "./location.ts";

const png = (blue: number) => gradientPng(16, 16, blue);

async function images(count = 3): Promise<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = {};
  for (let i = 0; i < count; i++) files[`in/${i}.png`] = await png(i);
  return files;
}

const open = (folder: string, maxResolution = 8) =>
  openDataset(imagesIn(folder, { maxResolution }));

async function cacheOf(folder: string): Promise<string> {
  const names = (await Array.fromAsync(Deno.readDir(join(folder, "cache", "datasets"))))
    .filter(({ isDirectory }) => isDirectory).map(({ name }) => name);
  assert.equal(names.length, 1, names.join());
  return join(folder, "cache", "datasets", names[0]!);
}

Deno.test("a cache leaves out damaged files with reasons and keeps the others", async () => {
  const files = {
    ...await images(),
    "in/bad.png": (await png(0)).subarray(0, 60),
    "in/empty.png": "",
    "in/a.txt": "x",
  };
  await withFiles(files, async (folder) => {
    const { info } = await open(folder);
    assert.equal(info.count, 3);
    assert.deepEqual(info.skipped.map(({ path }) => path).sort(), [
      "a.txt",
      "bad.png",
      "empty.png",
    ]);
    assert.ok(info.skipped.every(({ reason }) => reason.length > 5));
  });
});

Deno.test(
  "a file that could not be read is tried again at each opening, one that is damaged " +
    "is not",
  async () => {
    await withFiles({ ...await images(3), "in/3.png": "damaged" }, async (folder) => {
      const isLocked = new Set(["1.png", "2.png"]), read: string[] = [];
      const openLocked = async () => {
        const source = await folderSource(join(folder, "in"));
        const files = source.files.map((file) => ({
          ...file,
          read: () => {
            read.push(file.path);
            return isLocked.has(file.path)
              ? Promise.reject(new Deno.errors.PermissionDenied("no"))
              : file.read();
          },
        }));
        const options = { fit: "cover", background: "#ffffff", channels: 3 } as const;
        const cache = await openCache(imagePlan({ ...source, files }, options), folder, [4, 8]);
        return {
          paths: cache.index.entries.map(({ path }) => path),
          skipped: cache.index.skipped.map(({ path, reason }) => `${path}: ${reason}`),
          read: read.splice(0).sort(),
        };
      };
      const damaged = "3.png: not an image, whatever its name says";
      const reasons = [damaged, "1.png: can't be read: no", "2.png: can't be read: no"];
      const locked = { paths: ["0.png"], skipped: reasons };
      const all = ["0.png", "1.png", "2.png", "3.png"];
      assert.deepEqual(await openLocked(), { ...locked, read: all });
      assert.deepEqual(await openLocked(), { ...locked, read: ["1.png", "2.png"] });
      isLocked.clear();
      const whole = await openLocked();
      assert.deepEqual([whole.paths, whole.skipped], [all.slice(0, 3), [damaged]]);
      assert.deepEqual((await openLocked()).read, []);
    });
  },
);

Deno.test("files that a source leaves out are listed as they are now", async () => {
  await withFiles({ ...await images(), "in/a.txt": "x" }, async (folder) => {
    const listed = async () => (await open(folder)).info.skipped.map(({ path }) => path);
    assert.deepEqual(await listed(), ["a.txt"]);
    const cache = await cacheOf(folder);
    await Deno.rename(join(folder, "in", "a.txt"), join(folder, "in", "b.txt"));
    await Deno.writeTextFile(join(folder, "in", "notes.txt"), "x");
    assert.deepEqual(await listed(), ["b.txt", "notes.txt"]);
    assert.equal(await cacheOf(folder), cache);
  });
});

Deno.test("a cache is reused as it is, and grows without changing what it had", async () => {
  await withFiles(await images(), async (folder) => {
    const small = await open(folder, 8), cache = await cacheOf(folder);
    const inode = async () => (await Deno.stat(join(cache, "index.json"))).ino;
    const before = await inode(), eight = await Deno.readFile(join(cache, "8px.u8"));
    await open(folder, 8);
    assert.equal(await inode(), before);
    const large = await open(folder, 32);
    assert.equal(await cacheOf(folder), cache);
    assert.deepEqual(await Deno.readFile(join(cache, "8px.u8")), eight);
    assert.equal((await Deno.stat(join(cache, "32px.u8"))).size, 3 * 32 * 32 * 3);
    assert.equal(large.info.digest, small.info.digest);
    assert.deepEqual([small.info.maxResolution, large.info.maxResolution], [8, 32]);
    assert.equal((await open(folder, 8)).info.maxResolution, 8); // as asked for, not as there is
  });
});

Deno.test(
  "a changed file gives another cache and digest; touched alone, the same " +
    "digest",
  async () => {
    await withFiles(await images(), async (folder) => {
      const first = (await open(folder)).info.digest;
      await Deno.utime(join(folder, "in", "0.png"), 1000, 1000);
      assert.equal((await open(folder)).info.digest, first);
      await Deno.writeFile(join(folder, "in", "0.png"), await plainPng({ r: 1, g: 2, b: 3 }));
      assert.notEqual((await open(folder)).info.digest, first);
    });
  },
);

Deno.test(
  "another revision of a source has another cache, and the same digest where the " +
    "pictures are the same",
  async () => {
    await withFiles(await images(), async (folder) => {
      const source = await folderSource(join(folder, "in"));
      const options = { fit: "cover", background: "#ffffff", channels: 3 } as const;
      const [one, two] = await Promise.all(
        ["a@1.0.0/", "a@1.0.1/"].map((revision) =>
          openCache(imagePlan({ ...source, revision }, options), folder, [4])
        ),
      );
      assert.notEqual(one!.folder, two!.folder);
      assert.equal(one!.index.contentDigest, two!.index.contentDigest);
    });
  },
);

Deno.test("a torn cache and the leftovers of a killed build are replaced", async () => {
  await withFiles(await images(), async (folder) => {
    await open(folder);
    const cache = await cacheOf(folder), whole = await Deno.readFile(join(cache, "8px.u8"));
    await Deno.truncate(join(cache, "8px.u8"), 10);
    await Deno.mkdir(`${cache}.tmp-dead`);
    await open(folder);
    assert.deepEqual(await Deno.readFile(join(cache, "8px.u8")), whole);
    await assert.rejects(Deno.stat(`${cache}.tmp-dead`), Deno.errors.NotFound);
    await Deno.writeTextFile(join(cache, "index.json"), "{");
    assert.equal((await open(folder)).info.count, 3);
  });
});

Deno.test("openings at once build one cache", async () => {
  await withFiles(await images(), async (folder) => {
    let rendered = 0;
    const opened = await Promise.all(
      [8, 16, 8, 4].map((maxResolution) =>
        openDataset(imagesIn(folder, {
          maxResolution,
          onProgress: ({ done, total }) => rendered += done === total ? 1 : 0,
        }))
      ),
    );
    assert.equal(new Set(opened.map(({ info }) => info.digest)).size, 1);
    assert.ok(rendered <= 3, `built ${rendered} times for 3 different sizes`);
    const index = JSON.parse(await Deno.readTextFile(join(await cacheOf(folder), "index.json")));
    assert.deepEqual(index.resolutions, [4, 8, 16]);
  });
});

Deno.test("two processes at once build one cache", async () => {
  await withFiles(await images(6), async (folder) => {
    const code = `import { openDataset } from ${
      JSON.stringify(import.meta.resolve("../open_dataset.ts"))
    };
      const { info } = await openDataset(${
      JSON.stringify(imagesIn(folder, { maxResolution: 16 }))
    });
      console.log(info.digest);`;
    await Deno.writeTextFile(join(folder, "open.ts"), code);
    const config = fileURLToPath(new URL("../../deno.json", import.meta.url));
    const results = await Promise.all([1, 2].map(() =>
      new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--no-check", "--no-lock", "--config", config, join(folder, "open.ts")],
      }).output()
    ));
    const said = results.map(({ stdout, stderr, success }) => {
      assert.ok(success, new TextDecoder().decode(stderr));
      return new TextDecoder().decode(stdout);
    });
    assert.equal(said[0], said[1]);
    assert.match(said[0]!, /^[0-9a-f]{64}\n$/);
    await cacheOf(folder); // one folder, nothing beside it
  });
});

Deno.test("an empty source and a cache that can't be written say so", async () => {
  await withFiles(
    { "in/readme.md": "x", "file": "x", "one/1.png": await png(1) },
    async (folder) => {
      await assert.rejects(open(folder), /expected images, received none; 1 left out: readme.md/);
      const blocked = openDataset({
        kind: "images",
        source: join(folder, "one"),
        cacheDir: join(folder, "file"),
        maxResolution: 8,
      });
      await assert.rejects(blocked, /Cannot write the data's cache .*--cache FOLDER/);
    },
  );
});

Deno.test("openDataset() refuses options that can't be", async () => {
  const wrong = [{ maxResolution: 48 }, { minResolution: 2 }, { background: "white" }, {
    heldOut: 1,
  }];
  for (const part of wrong) {
    const opening = openDataset({ kind: "images", maxResolution: 16, source: "emoji", ...part });
    await assert.rejects(opening, ConfigError, JSON.stringify(part));
  }
});

Deno.test("without a home folder defaultCacheDir() says what to set", () => {
  assert.equal(defaultCacheDir("/c"), "/c");
  assert.throws(() => defaultCacheDir(""), /expected HOME or CAMBIUM_CACHE/);
});
