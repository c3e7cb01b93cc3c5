/** A stub python3 for tests, and processes that locate TensorFlow with it. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { zipSync } from "fflate";
import { libraryNames } from "../binding/open.ts";
import type { WheelPin } from "./pins.ts";
import { wheelFor } from "./wheel.ts";

/** What the stub can do. */
export interface StubPython {
  /** The content of the library it has installed and that its pip fetches; it can't be loaded. */
  bytes: Uint8Array;
  /** Whether it has a TensorFlow installed. */
  isInstalled: boolean;
  /** The content that is pinned for the wheel; default: the wheel that its pip fetches. */
  pinned?: Uint8Array;
  /** How its pip behaves: without a network it fails. */
  pip: "fetches" | "fails" | "is missing";
}

/**
 * Writes a python3 into a folder.
 * @returns the environment of processes that use it
 */
export async function stubPython(
  home: string,
  { bytes, isInstalled, pip, pinned }: StubPython,
): Promise<Record<string, string>> {
  const installed = join(home, "site", "tensorflow"), wheel = join(home, "t.whl");
  const bin = join(home, "bin"), cache = join(home, "cache");
  for (const folder of [installed, bin, cache]) await Deno.mkdir(folder, { recursive: true });
  for (const name of libraryNames()) await Deno.writeFile(join(installed, name), bytes);
  const files = libraryNames().map((name) => `tensorflow/${name}`);
  const packed = zipSync(Object.fromEntries(files.map((name) => [name, bytes])));
  await Deno.writeFile(wheel, packed);
  const pin: WheelPin = {
    sha256: sha256(pinned ?? packed),
    files: Object.fromEntries(files.map((name) => [name, sha256(bytes)])),
  };
  // tests that need it are ignored on other platforms
  const { project, platform } = wheelFor(Deno.build.os, Deno.build.arch)!;
  const download = pip === "fetches"
    ? `for word; do case "$word" in --dest=*) cp "${wheel}" "\${word#--dest=}" ;; esac; done`
    : `echo "no network" >&2; exit 1`;
  const script = `#!/bin/sh
[ "$1" = -I ] || exit 3
case "$*" in
  *find_spec*) echo "${isInstalled ? installed : ""}" ;;
  *--version*) exit ${pip === "is missing" ? 1 : 0} ;;
  *--require-hashes*) ${download} ;;
  *) exit 1 ;;
esac
`;
  await Deno.writeTextFile(join(bin, "python3"), script, { mode: 0o755 });
  const path = `${bin}:${Deno.env.get("PATH") ?? ""}`;
  return {
    PATH: path,
    HOME: home,
    XDG_CACHE_HOME: cache,
    CAMBIUM_TENSORFLOW: "",
    CAMBIUM_CACHE: "",
    TEST_PIN: JSON.stringify({ [`${project} ${platform}`]: pin }),
  };
}

const sha256 = (data: Uint8Array) => createHash("sha256").update(data).digest("hex");

/** The messages that a process received. */
export interface Told {
  told: string[];
  stages: string[];
  error?: string;
}

/** Locates TensorFlow in a process with this environment. */
export async function locate(
  env: Record<string, string>,
): Promise<Told & { folder: string; origin: string }> {
  const from = "./core/backend/tensorflow/library/locate.ts";
  return await evaluate(`(await import("${from}")).locateLibrary(options)`, env);
}

/** Selects a backend in such a process. */
export async function select(
  env: Record<string, string>,
): Promise<Told & { info: { name: string } }> {
  return await evaluate(`(await import("./core/backend/mod.ts")).selectBackend(options)`, env);
}

/** @param expression a promise of plain data */
async function evaluate<T>(expression: string, env: Record<string, string>): Promise<T> {
  const script = `
    const { PINS } = await import("./core/backend/tensorflow/library/pins.ts");
    Object.assign(PINS, JSON.parse(Deno.env.get("TEST_PIN")));
    const told = [], stages = new Set();
    const onFallback = (message) => told.push(message);
    const onProgress = ({ stage }) => stages.add(stage);
    const options = { device: "cpu", onFallback, onProgress };
    const failed = ({ message }) => ({ error: message });
    const result = await (async () => await ${expression})().catch(failed);
    console.log(JSON.stringify({ ...result, told, stages: [...stages] }));
  `;
  // Keep Deno's cache of packages, whatever HOME says.
  const { denoDir } = JSON.parse(await deno(["info", "--json"])) as { denoDir: string };
  const text = await deno(["eval", "--ext=ts", script], { DENO_DIR: denoDir, ...env });
  return JSON.parse(text) as T; // as the script prints it
}

async function deno(args: string[], env: Record<string, string> = {}): Promise<string> {
  const cwd = fileURLToPath(new URL("../../../..", import.meta.url));
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd, env }).output();
  const text = new TextDecoder().decode(stdout);
  assert.ok(text, new TextDecoder().decode(stderr));
  return text;
}
