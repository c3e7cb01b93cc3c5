import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { zipSync } from "fflate";
import { withFolder } from "../../../testing/with_folder.ts";
import { cacheCandidate } from "./candidates.ts";
import { readManifest } from "./cache.ts";
import { fileDigest, folderDigest } from "./digest.ts";
import { locateLibrary } from "./locate.ts";
import { libraryNames } from "../binding/open.ts";
import { unpackWheel } from "./unpack.ts";
import { pinnedFiles, placeOf } from "./pinned_files.ts";
import { pinOf, PINS } from "./pins.ts";
import { cudaWheelsFor, pipArguments, requirementOf, wheelFor } from "./wheel.ts";

const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => i % 251);
const sha256 = (data: Uint8Array) => createHash("sha256").update(data);

const digest = sha256(bytes).digest("hex");

/** A wheel with two files. */
const wheel = zipSync({ "tensorflow/one.so": bytes, "tensorflow/two.so": Uint8Array.of(2) });

const only = (name: string) => (path: string) => path === `tensorflow/${name}` ? name : undefined;

Deno.test("unpackWheel() takes the named files, whole and checked", () =>
  withFolder(async (folder) => {
    const path = join(folder, "t.whl"), stages: string[] = [];
    await Deno.writeFile(path, wheel);
    const pinned = { "tensorflow/one.so": digest };
    const report = ({ stage }: { stage: string }) => stages.push(stage);
    const files = await unpackWheel(path, folder, only("one.so"), pinned, report);
    assert.deepEqual(files, [{ name: "one.so", bytes: bytes.length, sha256: digest }]);
    assert.deepEqual(await Deno.readFile(join(folder, "one.so")), bytes);
    assert.equal(await fileDigest(join(folder, "one.so")), digest);
    assert.deepEqual([...new Set(stages)], ["unpack", "verify"]);
  }));

Deno.test("unpackWheel() refuses a file that is not as pinned, or not pinned at all", () =>
  withFolder(async (folder) => {
    const path = join(folder, "t.whl");
    await Deno.writeFile(path, wheel);
    const pinned = { "tensorflow/one.so": "0".repeat(64) };
    const unpack = (name: string) => unpackWheel(path, folder, only(name), pinned, () => {});
    await assert.rejects(
      unpack("one.so"),
      new RegExp(`one.so with SHA-256 0{64}, received ${digest}`),
    );
    await assert.rejects(unpack("two.so"), /SHA-256 undefined/);
    await assert.rejects(unpack("three.so"), /expected libraries inside, received none/);
  }));

Deno.test("every library that is taken out of a wheel is pinned, for each platform", () => {
  const [x64, arm64, mac] =
    ([["linux", "x86_64"], ["linux", "aarch64"], ["darwin", "aarch64"]] as const)
      .map(([os, arch]) => [os, pinnedFiles("cpu", os, arch)] as const);
  for (const [os, files] of [x64!, arm64!, mac!]) {
    assert.deepEqual([...files.keys()].toSorted(), libraryNames(os).toSorted());
  }
  const all = [x64!, arm64!, mac!].flatMap(([, files]) => [...files.values()]);
  assert.equal(new Set(all).size, 6);
  const cuda = pinnedFiles("cuda", "linux", "x86_64");
  for (const name of [...libraryNames("linux"), "../nvidia/cudnn/lib/libcudnn.so.9"]) {
    assert.ok(cuda.has(name), name);
  }
  assert.equal(cuda.size, 23);
  const pins = Object.values(PINS).flatMap((
    { sha256, files },
  ) => [sha256, ...Object.values(files)]);
  assert.deepEqual(pins.filter((pin) => !/^[0-9a-f]{64}$/.test(pin)), []);
  assert.throws(() => pinOf({ project: "tensorflow", platform: "win_amd64" }), /a pinned digest/);
});

Deno.test("wheelFor() names a wheel where one fits", () => {
  const names = ([
    ["linux", "x86_64"],
    ["linux", "aarch64"],
    ["darwin", "aarch64"],
    ["windows", "x86_64"],
    ["darwin", "x86_64"],
  ] as const).map(([os, arch]) => wheelFor(os, arch)?.project);
  assert.deepEqual(names, ["tensorflow-cpu", "tensorflow", "tensorflow", undefined, undefined]);
  const cpu = wheelFor("linux", "x86_64")!; // it is in the list
  const words = pipArguments(cpu, "folder", "folder/requirements.txt");
  assert.ok(words.includes("--only-binary=:all:") && words.includes("--require-hashes"));
  assert.match(requirementOf(cpu), /^tensorflow-cpu==2\.21\.0 --hash=sha256:[0-9a-f]{64}\n$/);
});

Deno.test(
  "the CUDA build is TensorFlow's own wheel and CUDA 12's libraries, for Linux on x64 " +
    "alone",
  () => {
    const [tensorflow, ...cuda] = cudaWheelsFor("linux", "x86_64") ?? [];
    assert.equal(tensorflow?.project, "tensorflow");
    assert.ok(
      cuda.length > 5 && cuda.every(({ project }) => /^nvidia-[a-z-]+-cu12$/.test(project)),
    );
    assert.equal(cudaWheelsFor("linux", "aarch64"), undefined);
    assert.equal(cudaWheelsFor("darwin", "aarch64"), undefined);
  },
);

Deno.test(
  "placeOf() lays CUDA's libraries beside TensorFlow's, as pip does, and leaves the " +
    "rest out",
  () => {
    const [framework] = libraryNames();
    const places = [
      `tensorflow/${framework}`,
      "nvidia/cublas/lib/libcublasLt.so.12",
      "nvidia/cublas/lib/__init__.py",
      "nvidia/cublas/include/cublas.h",
      "tensorflow/python/libcublas.so.12",
      "nvidia/../lib/x.so.1",
    ].map((path) => placeOf(path));
    const none = undefined;
    assert.deepEqual(places, [
      framework,
      "../nvidia/cublas/lib/libcublasLt.so.12",
      none,
      none,
      none,
      none,
    ]);
  },
);

Deno.test("a folder that is named and lacks the libraries is an error that says so", () =>
  withFolder(async (folder) => {
    await assert.rejects(
      locateLibrary({ tensorflow: folder }),
      new RegExp(`--tensorflow \\(${folder}\\): it has no ${libraryNames()[0]}`),
    );
  }));

Deno.test("the digest of a folder is that of its libraries", () =>
  withFolder(async (folder) => {
    for (const name of libraryNames()) await Deno.writeFile(join(folder, name), bytes);
    const first = await folderDigest(folder);
    await Deno.writeFile(join(folder, libraryNames()[1]), bytes.subarray(1));
    const second = await folderDigest(folder);
    assert.match(first, /^[0-9a-f]{32}$/);
    assert.notEqual(second, first);
  }));

Deno.test("readManifest() tells a whole cache, none, and a damaged one apart", () =>
  withFolder(async (folder) => {
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
    const named = (name: string) => ({ ...manifest, files: [{ ...manifest.files[0], name }] });
    for (const name of ["../one.so", "../nvidia/../lib/one.so", "/one.so", ".."]) {
      await write(named(name));
      await assert.rejects(readManifest(folder), /expected a manifest/);
    }
    await write(named("../nvidia/cudnn/lib/one.so")); // a name as it should be; the file is missing
    await assert.rejects(readManifest(folder), /one.so of 100000 bytes .* received -1 bytes/);
  }));

Deno.test("the cache says where it is, and why it can't be taken", async () => {
  const { origin, folder } = await cacheCandidate("cpu");
  assert.equal(origin, "the cache of this user");
  assert.match(folder ?? "", /cambium.tensorflow.2\.21\.0-[^-]+-[^-]+$/);
  const cuda = await cacheCandidate("cuda");
  assert.match(cuda.folder ?? "", /2\.21\.0-[^-]+-[^-]+-cuda.tensorflow$/);
});
