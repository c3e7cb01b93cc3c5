/**
 * Tries libraries that someone else installed in a separate process: a loaded library can't be
 * unloaded to make room for another of the same name, and an incompatible one may crash the
 * process.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { childEnvironment, COMPUTE_NAMES, DENO_NAMES } from "../../../child_environment.ts";
import { libraryNames } from "../binding/open.ts";
import { remembered, type ResultCache } from "./remembered.ts";
import { OLDEST_VERSION } from "./wheel.ts";

const VERSION_CACHE: ResultCache = { name: "opened.json", pattern: /^\d+\.\d+/ };
/** Loading takes about a second, longer if a disk has to spin up. */
const TIMEOUT = 60_000; // ms

/**
 * @returns why the libraries in `folder` can't be used; undefined if they can, or if they can't be
 * tried here
 */
export async function libraryProblem(folder: string): Promise<string | undefined> {
  if (Deno.build.standalone) return undefined; // there is no Deno to try them with
  try {
    const library = join(folder, libraryNames()[1]);
    return versionProblem(await remembered(library, VERSION_CACHE, () => versionOf(folder)));
  } catch (error) {
    return `it can't be opened (${(error as Error).message})`; // Deno throws Errors
  }
}

/** @param version e.g. "2.21.0" or "2.22.0-rc1" */
export function versionProblem(version: string): string | undefined {
  const numbers = (text: string) => text.split(/[.-]/).map(Number);
  const [major = 0, minor = 0] = numbers(version);
  const [oldestMajor = 0, oldestMinor = 0] = numbers(OLDEST_VERSION);
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return undefined;
  return `it is TensorFlow ${version}, and ${OLDEST_VERSION} or a later one is needed`;
}

async function versionOf(folder: string): Promise<string> {
  const child = import.meta.resolve("./try_library_child.ts");
  const { success, code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--allow-all",
      "--no-check",
      "--no-config",
      "--no-lock",
      child.startsWith("file:") ? fileURLToPath(child) : child,
      folder,
    ],
    clearEnv: true,
    env: childEnvironment([DENO_NAMES, COMPUTE_NAMES], { NO_COLOR: "1" }),
    stdin: "null",
    signal: AbortSignal.timeout(TIMEOUT),
  }).output();
  const [version, problem] = [stdout, stderr].map((bytes) =>
    new TextDecoder().decode(bytes).trim()
  );
  if (success) return version!;
  throw new Error(problem || `a process that loads it ends with code ${code}`);
}
