import assert from "node:assert/strict";
import { join } from "node:path";
import {
  Uint8ArrayReader,
  Uint8ArrayWriter,
  ZipWriter,
  type ZipWriterAddDataOptions,
} from "@zip.js/zip.js";
import { zipSync } from "fflate";
import type { SkippedFile } from "../../core/data.ts";
import { withFiles } from "../../core/testing/with_folder.ts";
import { plainPng } from "../test_images.ts";
import type { Source } from "./source.ts";
import { resolveImageSource } from "./resolve_source.ts";
import { zipSource } from "./zip.ts";

const png = Uint8Array.from(await plainPng({ r: 9, g: 8, b: 7 }));

/** A zip of that picture under several names. */
async function zipOf(names: string[], options: ZipWriterAddDataOptions = {}): Promise<Uint8Array> {
  const writer = new ZipWriter(new Uint8ArrayWriter());
  for (const name of names) await writer.add(name, new Uint8ArrayReader(png), options);
  return await writer.close();
}

async function opened(
  zip: Uint8Array,
  check: (source: Source) => Promise<void> | void,
): Promise<void> {
  await withFiles({ "a.zip": zip }, async (folder) => {
    const source = await zipSource(join(folder, "a.zip"));
    try {
      await check(source);
    } finally {
      source.close();
    }
  });
}

const paths = ({ files }: Source) => files.map(({ path }) => path);

for (
  const [name, options] of [
    ["with data descriptors", { dataDescriptor: true }],
    ["of zip64", { zip64: true }],
    ["of zip64 with data descriptors", { zip64: true, dataDescriptor: true }],
    ["that is stored", { level: 0 }],
    ["with extended times", { extendedTimestamp: true }],
  ] as [string, ZipWriterAddDataOptions][]
) {
  Deno.test(`a zip ${name} is read`, async () => {
    await opened(await zipOf(["cat/1.png", "dog/2.png"], options), async (source) => {
      assert.deepEqual(paths(source), ["cat/1.png", "dog/2.png"]);
      for (const file of source.files) assert.deepEqual(await file.read(), png);
    });
  });
}

Deno.test("a zip behind a program that unpacks it is read", async () => {
  const zip = await zipOf(["1.png"]);
  await opened(new Uint8Array([...new Uint8Array(1000).fill(7), ...zip]), async (source) => {
    assert.deepEqual(await source.files[0]!.read(), png);
  });
});

Deno.test("backslashes are folders, and what leaves the zip by them is refused", async () => {
  const zip = zipSync({
    "set\\cat\\1.png": png,
    "set\\dog\\2.png": png,
    "set\\dog\\": new Uint8Array(),
    "..\\out.png": png,
    "C:\\root.png": png,
  });
  await opened(zip, ({ files, skipped }) => {
    assert.deepEqual(files.map(({ path, label }) => [path, label]), [
      ["set/cat/1.png", "cat"],
      ["set/dog/2.png", "dog"],
    ]);
    assert.deepEqual(skipped.map(({ path }) => path).sort(), ["../out.png", "C:/root.png"]);
  });
});

/**
 * A zip in which the bytes of a name are replaced by others of the same length, without the UTF-8
 * flag.
 */
function renamed(zip: Uint8Array, from: string, to: Uint8Array): Uint8Array {
  const out = Uint8Array.from(zip), view = new DataView(out.buffer);
  const wanted = new TextEncoder().encode(from);
  assert.equal(wanted.length, to.length);
  for (let at = 0; at + wanted.length <= out.length; at++) {
    if (!wanted.every((byte, i) => out[at + i] === byte)) continue;
    out.set(to, at);
    const isLocal = at >= 30 && view.getUint32(at - 30, true) === 0x04034b50;
    const flags = isLocal ? at - 30 + 6 : at - 46 + 8;
    view.setUint16(flags, view.getUint16(flags, true) & ~0x800, true);
  }
  return out;
}

Deno.test(
  "names without the mark of UTF-8 are UTF-8 where they can be, else code page " +
    "437",
  async () => {
    const plain = zipSync({ "KXXse/1.png": png, "b/2.png": png });
    const label = async (bytes: number[]) => {
      const to = new Uint8Array([
        0x4b,
        ...bytes,
        0x73,
        0x65,
        ...new TextEncoder().encode("/1.png"),
      ]);
      let found = "";
      await opened(renamed(plain, "KXXse/1.png", to), ({ files }) => {
        found = files.find(({ path }) => path.endsWith("1.png"))!.label; // it is in the zip
      });
      return found;
    };
    assert.equal(await label([0xc3, 0xa4]), "Käse"); // macOS and Unix
    assert.equal(await label([0x84, 0x84]), "Kääse"); // DOS
  },
);

Deno.test(
  "system folders of a zip are skipped, files without an ending are told by their " +
    "content",
  async () => {
    const names = ["IMG_1", "@eaDir/IMG_1/SYNOPHOTO_THUMB_M.png", "__MACOSX/._IMG_1", "Thumbs.db"];
    await opened(await zipOf(names), (source) => {
      assert.deepEqual(paths(source), ["IMG_1"]);
      assert.deepEqual(source.skipped, []);
    });
    await opened(
      zipSync({ "notes": new TextEncoder().encode("x".repeat(5000)), "1": png }),
      (source) => {
        assert.deepEqual(paths(source), ["1"]);
        assert.deepEqual(source.skipped.map(({ path, reason }) => `${path}: ${reason}`), [
          "notes: not an image, whatever its name says",
        ]);
      },
    );
  },
);

Deno.test("an encrypted zip says so, and an archive of another kind as well", async () => {
  for (const zipCrypto of [false, true]) {
    await opened(await zipOf(["1.png"], { password: "x", zipCrypto }), ({ files, skipped }) => {
      assert.deepEqual(files, []);
      assert.match(skipped[0]!.reason, /^encrypted: unpack the zip with its password first/);
    });
  }
  await withFiles({
    "a.7z": "7z\xbc\xaf",
    "a.zip": "no zip",
    "a.tgz": new Uint8Array([31, 139, 8]),
  }, async (folder) => {
    const open = (name: string) => resolveImageSource(join(folder, name));
    await assert.rejects(open("a.tgz"), /an archive of another kind\. Unpack it first/);
    await assert.rejects(open("a.zip"), /expected a whole zip file/);
  });
});

Deno.test("a zip is known by its content, whatever its name", () =>
  withFiles({ "pictures": zipSync({ "1.png": png }) }, async (folder) => {
    const source = await resolveImageSource(join(folder, "pictures"));
    assert.deepEqual(paths(source), ["1.png"]);
    source.close();
  }));

Deno.test(
  "StyleGAN2-ADA's zip has the labels of its dataset.json, and its shards are " +
    "none",
  async () => {
    const names = ["00000/img00000000.png", "00000/img00000001.png", "00001/img00001000.png"];
    const json = JSON.stringify({ labels: names.map((name, i) => [name, i % 2]) });
    const zip = zipSync({
      ...Object.fromEntries(names.map((name) => [name, png])),
      "dataset.json": new TextEncoder().encode(json),
    });
    await opened(zip, ({ files, skipped, revision }) => {
      assert.deepEqual(files.map(({ label }) => label), ["0", "1", "0"]);
      assert.deepEqual(skipped, []);
      assert.match(revision!, /^[0-9a-f]{64}$/);
    });
    const at = zip.length - 22 - 46 - "dataset.json".length; // its entry of the directory, the last
    zip[at + 16]! ^= 1; // the checksum
    await opened(zip, ({ files, skipped }) => {
      assert.deepEqual(files.map(({ label }) => label), ["", "", ""]);
      const [{ path, reason }] = skipped as [SkippedFile];
      assert.equal(
        `${path}: ${reason}`,
        "dataset.json: can't be read: damaged: its checksum differs",
      );
    });
  },
);
