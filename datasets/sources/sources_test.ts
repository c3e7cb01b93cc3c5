import assert from "node:assert/strict";
import { join } from "node:path";
import { zipSync } from "fflate";
import { ConfigError } from "../../core/config/config_layer.ts";
import { withFiles, withFolder } from "../../core/testing/with_folder.ts";
import { plainPng } from "../test_images.ts";
import { emojiGroup, emojiGroupInTones, emojiSource, parseSubsets } from "./emoji.ts";
import { folderSource } from "./folder.ts";
import { npmPackageSource, parseSpecifier } from "./npm_package.ts";
import { resolveImageSource } from "./resolve_source.ts";
import { foreignReason, type Source } from "./source.ts";
import { ZIP_LIMITS, zipSource } from "./zip.ts";

const paths = (source: Source) => source.files.map(({ path }) => path);

Deno.test(
  "a folder is listed with its subfolders as labels, and names what it leaves " +
    "out",
  async () => {
    const files = {
      "b/2.JPG": "x",
      "b/1.png": "x",
      "a/deep/3.webp": "x",
      "notes.txt": "x",
      ".hidden.png": "x",
    };
    await withFiles(files, async (folder) => {
      const source = await folderSource(folder);
      assert.deepEqual(paths(source), ["a/deep/3.webp", "b/1.png", "b/2.JPG"]);
      assert.deepEqual(source.files.map(({ label }) => label), ["a", "b", "b"]);
      assert.deepEqual(source.skipped.map(({ path }) => path), ["notes.txt"]);
      assert.match(source.skipped[0]!.reason, /not an image/);
    });
  },
);

Deno.test("folders that all files share are no label", async () => {
  await withFiles({ "all/train/cat/1.png": "x", "all/train/dog/1.png": "x" }, async (folder) => {
    const source = await folderSource(folder);
    assert.deepEqual(source.files.map(({ label }) => label), ["cat", "dog"]);
  });
});

Deno.test("run folders inside a folder are no data, wherever they lie", () => {
  const run = "own/runs/00000-progan-own";
  const files = {
    "own/1.png": "x",
    [`${run}/config.json`]: "{}",
    [`${run}/samples/000000000-0004px-start.png`]: "x",
    [`${run}/drawn/000000000-sample.png`]: "x",
  };
  return withFiles(files, async (folder) => {
    const source = await folderSource(join(folder, "own"));
    assert.deepEqual(source.files.map(({ path, label }) => [path, label]), [["1.png", ""]]);
    assert.deepEqual(source.skipped.map(({ path }) => path), ["runs/00000-progan-own"]);
  });
});

Deno.test("a link back to a folder above ends the walk, a dangling link is told", async () => {
  await withFiles({ "a/1.png": "x" }, async (folder) => {
    await Deno.symlink(folder, join(folder, "a", "loop"));
    await Deno.symlink(join(folder, "gone.png"), join(folder, "dangling.png"));
    const source = await folderSource(folder);
    assert.deepEqual(paths(source), ["a/1.png"]);
    assert.deepEqual(source.skipped.map(({ path }) => path).sort(), ["a/loop", "dangling.png"]);
  });
});

Deno.test("a zip's images are read, and unsafe entries are refused by name", async () => {
  const png = await plainPng({ r: 9, g: 8, b: 7 });
  const zip = zipSync({
    "set/cat/1.png": png,
    "set/dog/2.png": [png, { level: 0 }],
    "../out.png": png,
    "/root.png": png,
    "back\\slash.png": png,
    "link.png": [new Uint8Array([47]), { os: 3, attrs: (0o120777 << 16) >>> 0 }],
    "inner.zip": zipSync({ "1.png": png }),
    "bomb.png": new Uint8Array(500_000),
    "__MACOSX/set/._1.png": png,
  });
  await withFiles({ "set.zip": zip }, async (folder) => {
    const source = await resolveImageSource(join(folder, "set.zip"));
    assert.deepEqual(paths(source), ["back/slash.png", "set/cat/1.png", "set/dog/2.png"]);
    for (const file of source.files) assert.deepEqual(await file.read(), new Uint8Array(png));
    const reasons = Object.fromEntries(source.skipped.map(({ path, reason }) => [path, reason]));
    assert.match(reasons["../out.png"]!, /leaves the zip/);
    assert.match(reasons["/root.png"]!, /unsafe/);
    assert.match(reasons["link.png"]!, /symbolic link/);
    assert.match(reasons["inner.zip"]!, /^a zip, .*unpack it first/);
    assert.match(reasons["bomb.png"]!, /inflates/);
    assert.equal(source.skipped.length, 5);
    source.close();
  });
});

Deno.test(
  "an entry that inflates beyond what its header says is refused while it is " +
    "read",
  async () => {
    const zip = zipSync({ "liar.png": new Uint8Array(500_000) });
    const view = new DataView(zip.buffer, zip.byteOffset);
    // the end record's offset of the central directory
    const directory = view.getUint32(zip.length - 6, true);
    view.setUint32(22, 1000, true); // local header: uncompressed size
    view.setUint32(directory + 24, 1000, true);
    await withFiles({ "liar.zip": zip }, async (folder) => {
      const source = await zipSource(join(folder, "liar.zip"));
      assert.deepEqual(paths(source), ["liar.png"]);
      await assert.rejects(source.files[0]!.read());
      source.close();
    });
  },
);

Deno.test("a zip stops at too many entries and too many bytes, and must be whole", async () => {
  const png = await plainPng({ r: 0, g: 0, b: 0 });
  const zip = zipSync({ "1.png": png, "2.png": png });
  await withFiles(
    { "two.zip": zip, "torn.zip": zip.slice(0, zip.length - 30) },
    async (folder) => {
      const open = (name: string, limits: Partial<typeof ZIP_LIMITS>) =>
        zipSource(join(folder, name), foreignReason, { ...ZIP_LIMITS, ...limits });
      await assert.rejects(open("two.zip", { entries: 1 }), /at most 1 entries/);
      await assert.rejects(open("two.zip", { totalBytes: png.length + 1 }), /bytes of images/);
      await assert.rejects(open("torn.zip", {}), /expected a whole zip/);
    },
  );
});

Deno.test(
  "a missing path names its neighbour, and a file that is no data says what would " +
    "be",
  async () => {
    await withFiles(
      { "photos/1.png": "x", "home/1.png": "x", "face.ndjson": "x" },
      async (folder) => {
        await assert.rejects(resolveImageSource(join(folder, "photo")), /Did you mean .*photos\?/);
        await assert.rejects(resolveImageSource(join(folder, "hoem")), /Did you mean .*home\?/);
        await assert.rejects(
          resolveImageSource(join(folder, "nope")),
          /Cannot find .* images, "shards:TARS", "npm:PACKAGE", "emoji" or "emoji:SUBSET"$/,
        );
        await assert.rejects(
          resolveImageSource(join(folder, "face.ndjson")),
          /--plugin sketch, and by data inspect --kind sketches/,
        );
        await assert.rejects(
          resolveImageSource(join(folder, "no", "such")),
          /Cannot find the data/,
        );
      },
    );
  },
);

Deno.test("a folder that can't be read says which it was", async () => {
  await withFolder(async (folder) => {
    const gone = join(folder, "gone");
    await assert.rejects(folderSource(gone), (error: Error) => {
      assert.equal(
        error.message,
        `Cannot open the data at ${gone}: expected a folder that can be read`,
      );
      assert(error.cause instanceof Deno.errors.NotFound);
      return true;
    });
  });
});

Deno.test(
  "a package's files that are no images are told, and a folder that it lacks names its " +
    "own",
  async () => {
    const name = "npm:@lobehub/fluent-emoji-3d@1.1.0"; // deno.json has it, too
    const { files, skipped, revision } = await npmPackageSource(name);
    assert.equal(revision, "@lobehub/fluent-emoji-3d@1.1.0/");
    assert(files.length > 3000);
    assert(
      skipped.some(({ path, reason }) => path === "package.json" && /not an image/.test(reason)),
    );
    await assert.rejects(
      npmPackageSource(`${name}/asset`),
      /^ConfigError: Cannot find the data at npm:.*\/asset: expected a folder .* has assets.*, received "asset"\. Did you mean assets\?/,
    );
    await assert.rejects(
      npmPackageSource(`${name}/package.json`),
      /has assets.*, received a file$/,
    );
  },
);

Deno.test("parseSpecifier() reads names, scopes, versions and folders, and refuses others", () => {
  assert.deepEqual(parseSpecifier("npm:@a/b@1.2.3/assets/x"), {
    name: "@a/b",
    version: "1.2.3",
    folder: "assets/x",
  });
  assert.deepEqual(parseSpecifier("npm:twemoji"), { name: "twemoji", version: "", folder: "" });
  for (const bad of ["npm:", "npm:@a", "npm:a/../b", "npm:a b"]) {
    assert.throws(() => parseSpecifier(bad), ConfigError, bad);
  }
});

Deno.test("emoji of one role are one group, whatever the person and the skin", () => {
  const teachers = ["1f468-1f3fb-200d-1f3eb", "1f469-200d-1f3eb", "1f9d1-200d-1f3eb"];
  assert.deepEqual(new Set(teachers.map(emojiGroup)), new Set(["1f3eb"]));
  assert.equal(emojiGroup("1f3c3-200d-2640-fe0f"), emojiGroup("1f3c3"));
  assert.equal(emojiGroup("1f468-1f3ff"), "person");
});

Deno.test(
  "two people are one group in all skin tones, as a character and as a " +
    "sequence",
  async () => {
    const kiss = "1f468-1f3fb-200d-2764-fe0f-200d-1f48b-200d-1f468-1f3fb";
    assert.deepEqual(
      [kiss, "1f48f-1f3ff", "1f48f"].map(emojiGroupInTones),
      ["1f48f", "1f48f", "1f48f"],
    );
    assert.equal(emojiGroupInTones("1f468-1f3fb-200d-1f3eb"), "1f3eb", "others are as ever");
    const { files } = await emojiSource("emoji:all");
    const sizeOf = (group: string) => files.filter((file) => file.group === group).length;
    // 💏, 💑 and people holding hands: four combinations of genders, without a tone and in five.
    assert.deepEqual(["1f48f", "1f491", "1f46b"].map(sizeOf), [24, 24, 24]);
    // the last ones: heart, handshake
    assert.deepEqual(["2764-1f48b", "2764", "1f91d"].map(sizeOf), [0, 1, 1]);
  },
);

Deno.test("parseSubsets() sorts names and suggests for a slip", () => {
  assert.deepEqual(parseSubsets("emoji:food,animals,food"), ["animals", "food"]);
  assert.ok(!parseSubsets("emoji").includes("flags"));
  assert.throws(() => parseSubsets("emoji:animal"), /Did you mean animals/);
});

Deno.test(
  "the default emoji are 1,377 pictures of seven categories without skin " +
    "tones",
  async () => {
    const { files, name } = await emojiSource("emoji");
    assert.equal(name, "emoji");
    // Counted in the package's file names by Unicode 16's groups: 167 + 361 + 157 + 128 + 218 + 85
    // + 261.
    assert.equal(files.length, 1377);
    assert.equal(new Set(files.map(({ label }) => label)).size, 7);
    assert.ok(files.every(({ path }) => !/1f3f[b-f]/.test(path)));
    const all = await emojiSource("emoji:all");
    assert.equal(all.files.length, 3391);
  },
);
