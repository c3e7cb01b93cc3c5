import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { libraryNames } from "../binding/open.ts";
import { fileDigest } from "./digest.ts";
import { locate, select, type StubPython, stubPython } from "./test_python.ts";
import { wheelFor } from "./wheel.ts";

/** Large enough that its digest is cached. */
const bytes = new Uint8Array(17 << 20).fill(1);
const PYTHON: StubPython = { bytes, isInstalled: false, pip: "fetches" };
const [, library] = libraryNames();

/** Caches the right digests for the files as they are now. */
async function hide(folder: string): Promise<void> {
  const good = createHash("sha256").update(bytes).digest("hex");
  const known = await Promise.all(
    libraryNames().map(async (name) => {
      const path = await Deno.realPath(join(folder, name)),
        { size, ino, mtime, ctime } = await Deno.stat(path);
      return [[path, size, ino, mtime?.getTime(), ctime?.getTime()].join(" "), good];
    }),
  );
  await Deno.writeTextFile(
    join(folder, "..", "digests.json"),
    JSON.stringify(Object.fromEntries(known)),
  );
}

interface Fetched {
  home: string;
  folder: string;
  env: Record<string, string>;
}

/** Runs a test with a cache into which a library was fetched. */
function test(name: string, use: (fetched: Fetched) => Promise<void>): void {
  const ignore = wheelFor(Deno.build.os, Deno.build.arch) === undefined;
  Deno.test(name, { ignore }, async () => {
    const home = await Deno.makeTempDir();
    try {
      const env = await stubPython(home, PYTHON);
      const { folder, told, error } = await locate(env);
      assert.equal(error, undefined);
      assert.deepEqual(told, []);
      await use({ home, folder, env });
    } finally {
      await Deno.remove(home, { recursive: true });
    }
  });
}

const overwrite = async (folder: string) => {
  using file = await Deno.open(join(folder, library), { write: true });
  await file.write(new Uint8Array(4096));
};

/** Changes one byte and restores the file's times. */
const changeByte = async (folder: string) => {
  const path = join(folder, library), { atime, mtime } = await Deno.stat(path);
  using file = await Deno.open(path, { write: true });
  await file.write(Uint8Array.of(2));
  await Deno.utime(path, atime!, mtime!);
};

/** Replaces the library and adjusts the manifest to it. */
const exchange = async (folder: string) => {
  const path = join(folder, "manifest.json"), manifest = JSON.parse(await Deno.readTextFile(path));
  await changeByte(folder);
  for (const file of manifest.files) file.sha256 = await fileDigest(join(folder, file.name));
  await Deno.writeTextFile(path, JSON.stringify(manifest));
};

/** Also caches its digest as the right one, as someone with write access to the cache could. */
const exchangeMemory = async (folder: string) => {
  await changeByte(folder);
  await hide(folder);
  await Deno.chmod(join(folder, ".."), 0o777);
};

const DAMAGES: Record<string, (folder: string) => Promise<void>> = {
  "cut off": (folder) => Deno.truncate(join(folder, library), 1000),
  "removed in part": (folder) => Deno.remove(join(folder, library)),
  "overwritten": overwrite,
  "changed by one byte": changeByte,
  "exchanged with its manifest": exchange,
  "changed where others may write": exchangeMemory,
  "without its manifest's end": (folder) => Deno.truncate(join(folder, "manifest.json"), 100),
};

for (const [what, damage] of Object.entries(DAMAGES)) {
  test(
    `a cached TensorFlow that is ${what} is told once and fetched ` +
      `anew`,
    async ({ folder, env }) => {
      await damage(folder);
      const { error, told, stages, ...located } = await locate(env);
      assert.equal(error, undefined);
      assert.deepEqual([located.folder, located.origin], [folder, "the cache of this user"]);
      assert.deepEqual(stages, ["download", "unpack", "verify"]);
      assert.equal(told.length, 1);
      assert.match(
        told[0]!,
        /^Fetching TensorFlow anew\. Cannot use the cached TensorFlow: .*received/,
      );
      assert.deepEqual(await Deno.readFile(join(folder, library)), bytes);
      const again = await locate(env);
      assert.deepEqual([again.told, again.stages], [[], []]);
    },
  );
}

test(
  "a damaged TensorFlow that can't be fetched anew is told with how to mend it, and " +
    "stays",
  async ({ home, folder, env }) => {
    await overwrite(folder);
    await stubPython(home, { ...PYTHON, pip: "fails" });
    const { info, told } = await select(env);
    assert.equal(info.name, "wasm");
    assert.equal(told.length, 2);
    assert.match(told[0]!, /^Fetching TensorFlow anew/);
    assert.match(
      told[1]!,
      /^Training on the WASM backend.*can't be fetched anew \(.*no network\).*run `python3 -m pip install/s,
    );
    assert.ok(await Deno.stat(join(folder, library)));
    await stubPython(home, { ...PYTHON, pip: "is missing" });
    assert.match(
      (await select(env)).told.join("\n"),
      /^Training on the WASM .*needs Python's pip/,
    );
  },
);

test("where a damaged TensorFlow can't be fetched anew, an installed one is looked for", async ({ home, folder, env }) => {
  await overwrite(folder);
  await stubPython(home, { ...PYTHON, isInstalled: true, pip: "fails" });
  const { error, told } = await locate(env); // neither can be opened
  assert.equal(told.length, 1);
  assert.match(
    error ?? "",
    /can't be fetched anew .*; the tensorflow package of python3 \(.*site/s,
  );
});

test("a TensorFlow whose damage only its opening shows is read, fetched anew, and tried once more", async ({ folder, env }) => {
  for (const name of libraryNames()) {
    await Deno.writeFile(join(folder, name), bytes.map((x) => x + 1));
  }
  await hide(folder); // as a failing disk would
  assert.deepEqual((await locate(env)).told, []);
  const { info, told, stages } = await select(env);
  assert.equal(info.name, "wasm"); // the one that is fetched can't be opened either
  assert.deepEqual(stages, ["load", "download", "unpack", "verify"]);
  assert.equal(told.length, 2);
  assert.match(told[0]!, /^Fetching TensorFlow anew/);
  assert.match(told[1]!, /^Training on the WASM backend.*Cannot open TensorFlow/);
  assert.deepEqual(await Deno.readFile(join(folder, library)), bytes);
  const again = await select(env);
  assert.deepEqual(
    [again.told.length, again.stages],
    [1, ["load"]],
    "intact: it isn't fetched",
  );
});

test("a folder that is named is never replaced, though it is the cache", async ({ folder, env }) => {
  await overwrite(folder);
  const damaged = await Deno.readFile(join(folder, library));
  const { info, told, stages } = await select({ ...env, CAMBIUM_TENSORFLOW: folder });
  assert.equal(info.name, "wasm");
  assert.equal(told.length, 1);
  assert.deepEqual(stages, ["load"]);
  assert.deepEqual(await Deno.readFile(join(folder, library)), damaged);
});

test("a wheel that is not the pinned one is refused before anything of it is used", async ({ home, folder, env }) => {
  await overwrite(folder);
  const damaged = await Deno.readFile(join(folder, library));
  const other = await stubPython(home, { ...PYTHON, pinned: Uint8Array.of(1) });
  const { error, told, stages } = await locate({ ...env, ...other });
  assert.deepEqual(stages, ["download"]);
  assert.match(
    told.join() + error,
    /expected a wheel with SHA-256 [0-9a-f]{64}, received [0-9a-f]{64}/,
  );
  assert.deepEqual(await Deno.readFile(join(folder, library)), damaged);
});

test("a cached TensorFlow that is somebody else's is not loaded, and the folder is named", async ({ folder, env }) => {
  if (Deno.uid() !== 0) return await everybodys(folder, env); // only root can give files away
  await Deno.chown(join(folder, library), 4321, null);
  const { told, error } = await locate(env);
  assert.match(
    told.join() + error,
    /expected it to belong to this user or root, received user 4321's/,
  );
  await Deno.chown(join(folder, library), 0, null);
  await everybodys(folder, env);
});

async function everybodys(folder: string, env: Record<string, string>): Promise<void> {
  await Deno.chmod(join(folder, "..", ".."), 0o777); // of all caches: anybody may exchange this one
  const { error, told } = await locate(env);
  assert.match(
    told.join() + error,
    /Cannot trust .*tensorflow: expected a folder in which not everybody may replace it/,
  );
}
