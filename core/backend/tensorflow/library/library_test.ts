import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { zipSync } from "fflate";
import { cacheCandidate } from "./candidates.ts";
import { readManifest } from "./cache.ts";
import { fileDigest, folderDigest } from "./digest.ts";
import { locateLibrary } from "./locate.ts";
import { libraryNames } from "../binding/open.ts";
import { unpackWheel } from "./unpack.ts";
import { pipArguments, wheelFor } from "./wheel.ts";

const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => i % 251);
const sha256 = (data: Uint8Array) => createHash("sha256").update(data);

/** A wheel with two files, of which RECORD says `digest`. */
function wheel(digest = sha256(bytes).digest("base64url")): Uint8Array {
  const text = (value: string) => new TextEncoder().encode(value);
  const record = `tensorflow/one.so,sha256=${digest},${bytes.length}\ntensorflow/two.so,,\n`;
  return zipSync({
    "tensorflow/one.so": bytes,
    "tensorflow/two.so": text("two"),
    "tensorflow-2.21.0.dist-info/RECORD": text(record),
  });
}

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("unpackWheel() takes the named files, whole and checked", () =>
  inFolder(async (folder) => {
    const path = join(folder, "t.whl"), stages: string[] = [];
    await Deno.writeFile(path, wheel());
    const files = await unpackWheel(path, folder, ["one.so"], ({ stage }) => stages.push(stage));
    assert.deepEqual(files, [
      { name: "one.so", bytes: bytes.length, sha256: sha256(bytes).digest("hex") },
    ]);
    assert.deepEqual(await Deno.readFile(join(folder, "one.so")), bytes);
    assert.equal(await fileDigest(join(folder, "one.so")), files[0]!.sha256);
    assert.deepEqual([...new Set(stages)], ["unpack", "verify"]);
  }));

Deno.test("unpackWheel() refuses a file that is not what RECORD says, or is not listed", () =>
  inFolder(async (folder) => {
    const path = join(folder, "t.whl");
    await Deno.writeFile(path, wheel(sha256(Uint8Array.of(1)).digest("base64url")));
    await assert.rejects(
      unpackWheel(path, folder, ["one.so"], () => {}),
      /expected one.so with SHA/,
    );
    await assert.rejects(unpackWheel(path, folder, ["two.so"], () => {}), /SHA-256 undefined/);
    await assert.rejects(unpackWheel(path, folder, ["three.so"], () => {}), /three.so inside/);
  }));

Deno.test("wheelFor() names a wheel where one fits", () => {
  const names = ([
    ["linux", "x86_64"],
    ["linux", "aarch64"],
    ["darwin", "aarch64"],
    ["windows", "x86_64"],
    ["darwin", "x86_64"],
  ] as const).map(([os, arch]) => wheelFor(os, arch)?.project);
  assert.deepEqual(names, ["tensorflow-cpu", "tensorflow", "tensorflow", undefined, undefined]);
  const words = pipArguments(wheelFor("linux", "x86_64")!, "folder");
  assert.ok(words.includes("--only-binary=:all:") && words.at(-1) === "tensorflow-cpu==2.21.0");
});

Deno.test("a folder that is named and lacks the libraries is an error that says so", () =>
  inFolder(async (folder) => {
    await assert.rejects(
      locateLibrary({ tensorflow: folder }),
      new RegExp(`--tensorflow \\(${folder}\\): it has no ${libraryNames()[0]}`),
    );
  }));

Deno.test("the digest of a folder is that of its libraries", () =>
  inFolder(async (folder) => {
    for (const name of libraryNames()) await Deno.writeFile(join(folder, name), bytes);
    const first = await folderDigest(folder);
    await Deno.writeFile(join(folder, libraryNames()[1]), bytes.subarray(1));
    const second = await folderDigest(folder);
    assert.match(first, /^[0-9a-f]{32}$/);
    assert.notEqual(second, first);
  }));

Deno.test("readManifest() tells a whole cache, none, and a damaged one apart", () =>
  inFolder(async (folder) => {
    assert.equal(await readManifest(folder), undefined);
    await Deno.writeFile(join(folder, "one.so"), bytes);
    const manifest = {
      version: "2.21.0",
      wheel: "t.whl",
      files: [{ name: "one.so", bytes: bytes.length, sha256: sha256(bytes).digest("hex") }],
    };
    const write = (value: unknown) =>
      Deno.writeTextFile(join(folder, "manifest.json"), JSON.stringify(value));
    await write(manifest);
    assert.deepEqual(await readManifest(folder), manifest);
    await Deno.truncate(join(folder, "one.so"), 10);
    await assert.rejects(
      readManifest(folder),
      /expected one.so of 100000 bytes .* received 10 bytes/,
    );
    await write({ ...manifest, files: [{ ...manifest.files[0], name: "../one.so" }] });
    await assert.rejects(readManifest(folder), /expected a manifest/);
  }));

Deno.test("the cache says where it is, and why it can't be taken", async () => {
  const { origin, folder } = await cacheCandidate();
  assert.equal(origin, "the cache of this user");
  assert.match(folder ?? "", /cambium.tensorflow.2\.21\.0-/);
});
