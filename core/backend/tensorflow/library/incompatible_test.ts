import assert from "node:assert/strict";
import { locate, type StubPython, stubPython } from "./test_python.ts";
import { libraryProblem, versionProblem } from "./try_library.ts";
import { wheelFor } from "./wheel.ts";

const bytes = new TextEncoder().encode("no library");
const INSTALLED: StubPython = { bytes, isInstalled: true, pip: "fetches" };
const ignore = wheelFor(Deno.build.os, Deno.build.arch) === undefined;

Deno.test(
  "an installed TensorFlow that can't be opened is skipped, told once, and another one fetched",
  {
    ignore,
  },
  async () => {
    const home = await Deno.makeTempDir();
    try {
      const { origin, told, stages, error } = await locate(await stubPython(home, INSTALLED));
      assert.equal(error, undefined);
      assert.equal(origin, "the cache of this user");
      assert.deepEqual(stages, ["download", "unpack", "verify"]);
      assert.equal(told.length, 1);
      assert.match(
        told[0]!,
        /Not using the tensorflow package of python3 \(.*site.tensorflow\): it can't be opened .*Using instead: the cache/s,
      );
    } finally {
      await Deno.remove(home, { recursive: true });
    }
  },
);

Deno.test("where nothing else can be had, the error names the TensorFlow that can't be opened", {
  ignore,
}, async () => {
  const home = await Deno.makeTempDir();
  try {
    const { error, told } = await locate(
      await stubPython(home, { ...INSTALLED, pip: "is missing" }),
    );
    assert.match(
      error ?? "",
      /tensorflow package of python3 .*: it can't be opened .*needs Python's pip/s,
    );
    assert.deepEqual(told, []);
  } finally {
    await Deno.remove(home, { recursive: true });
  }
});

Deno.test("TensorFlow from 2.16 on is taken, and an older one has a plain reason", async () => {
  for (const version of ["2.16.0", "2.21.0", "2.22.0-rc1", "3.0.0"]) {
    assert.equal(versionProblem(version), undefined);
  }
  assert.match(versionProblem("2.9.1") ?? "", /it is TensorFlow 2\.9\.1, and 2\.16 or a later one/);
  assert.match(await libraryProblem("/nowhere") ?? "", /it can't be opened/);
});
