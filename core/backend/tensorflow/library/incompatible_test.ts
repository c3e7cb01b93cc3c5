import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { zipSync } from "fflate";
import { libraryNames } from "../binding/open.ts";
import { libraryProblem, versionProblem } from "./try_library.ts";
import { wheelFor } from "./wheel.ts";

/** Nothing that could be loaded. */
const bytes = new TextEncoder().encode("no library");

async function deno(args: string[], env: Record<string, string> = {}): Promise<string> {
  const cwd = fileURLToPath(new URL("../../../..", import.meta.url));
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd, env }).output();
  const text = new TextDecoder().decode(stdout);
  assert.ok(text, new TextDecoder().decode(stderr));
  return text;
}

/** Locates TensorFlow in a process that has this environment. */
async function locate(env: Record<string, string>) {
  const script = `
    import { locateLibrary } from "./core/backend/tensorflow/library/locate.ts";
    const told = [], stages = new Set();
    const onFallback = (message) => told.push(message), onProgress = ({ stage }) => stages.add(stage);
    const result = await locateLibrary({ device: "cpu", onFallback, onProgress })
      .catch((error) => ({ error: error.message }));
    console.log(JSON.stringify({ ...result, told, stages: [...stages] }));
  `;
  // Packages stay where they are, whatever HOME says.
  const { denoDir } = JSON.parse(await deno(["info", "--json"])) as { denoDir: string };
  const text = await deno(["eval", "--ext=ts", script], {
    CAMBIUM_TENSORFLOW: "",
    DENO_DIR: denoDir,
    ...env,
  });
  return JSON.parse(text) as Record<"folder" | "origin" | "error", string> & {
    told: string[];
    stages: string[];
  };
}

/** A python3 that has a TensorFlow with these files, and whose pip fetches a wheel with them. */
async function stubPython(home: string, pip: boolean): Promise<Record<string, string>> {
  const installed = join(home, "site", "tensorflow"), wheel = join(home, "t.whl");
  const bin = join(home, "bin"), cache = join(home, "cache");
  for (const folder of [installed, bin, cache]) await Deno.mkdir(folder, { recursive: true });
  for (const name of libraryNames()) await Deno.writeFile(join(installed, name), bytes);
  const digest = createHash("sha256").update(bytes).digest("base64url");
  const files = libraryNames().map((name) => `tensorflow/${name}`);
  const record = files.map((name) => `${name},sha256=${digest},${bytes.length}\n`).join("");
  await Deno.writeFile(
    wheel,
    zipSync({
      ...Object.fromEntries(files.map((name) => [name, bytes])),
      "tensorflow-2.21.0.dist-info/RECORD": new TextEncoder().encode(record),
    }),
  );
  const script = `#!/bin/sh
case "$*" in
  *find_spec*) echo "${installed}" ;;
  *"pip --version"*) exit ${pip ? 0 : 1} ;;
  *"pip download"*) for word; do case "$word" in --dest=*) cp "${wheel}" "\${word#--dest=}" ;; esac; done ;;
  *) exit 1 ;;
esac
`;
  await Deno.writeTextFile(join(bin, "python3"), script, { mode: 0o755 });
  const path = `${bin}:${Deno.env.get("PATH") ?? ""}`;
  return { PATH: path, HOME: home, XDG_CACHE_HOME: cache };
}

const ignore = wheelFor(Deno.build.os, Deno.build.arch) === undefined;

Deno.test(
  "an installed TensorFlow that can't be opened is passed over, told once, and another one fetched",
  {
    ignore,
  },
  async () => {
    const home = await Deno.makeTempDir();
    try {
      const { origin, told, stages, error } = await locate(await stubPython(home, true));
      assert.equal(error, undefined);
      assert.equal(origin, "the cache of this user");
      assert.deepEqual(stages, ["download", "unpack", "verify"]);
      assert.equal(told.length, 1);
      assert.match(
        told[0]!,
        /Not using the tensorflow package of python3 \(.*site.tensorflow\): it can't be opened .*Taken instead: the cache/s,
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
    const { error, told } = await locate(await stubPython(home, false));
    assert.match(
      error,
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
