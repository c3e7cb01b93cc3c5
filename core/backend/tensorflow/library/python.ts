/**
 * Runs the user's python3 in isolated mode (`-I`), so that neither the working folder nor
 * PYTHONPATH can inject code.
 */
import { childEnvironment, PYTHON_NAMES } from "../../../child_environment.ts";

/**
 * `-I` also ignores packages that the user installed for themselves; this adds them at the end of
 * the path.
 */
const ADD_USER_SITE = "import sys, site; sys.path.append(site.getusersitepackages()); ";

/** Finds an installed `tensorflow` without importing it. */
const FIND = ADD_USER_SITE +
  "import importlib.util as u; s = u.find_spec('tensorflow'); " +
  "print(s.submodule_search_locations[0] if s and s.submodule_search_locations else '')";

/** Runs pip as `-m pip` does. */
const PIP = ADD_USER_SITE +
  "import runpy; runpy.run_module('pip', run_name='__main__', alter_sys=True)";

const TIMEOUT = 20_000; // ms

/** A python3 process that gets only what Python and pip need of this process's environment. */
function python(
  code: string,
  words: readonly string[],
  { env = {}, ...options }: Deno.CommandOptions = {},
): Deno.Command {
  return new Deno.Command("python3", {
    args: ["-I", "-c", code, ...words],
    stdin: "null",
    stdout: "null",
    stderr: "null",
    ...options,
    clearEnv: true,
    env: childEnvironment(PYTHON_NAMES, env),
  });
}

/** Runs pip. @param env variables added to those that every Python process gets */
export function pip(words: readonly string[], env: Record<string, string> = {}): Deno.Command {
  return python(PIP, words, { env, stderr: "piped" });
}

/** The folder of the tensorflow package; undefined if there is none, or no python3. */
export async function pythonTensorFlow(): Promise<string | undefined> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT);
    const { success, stdout } = await python(FIND, [], { stdout: "piped", signal }).output();
    const folder = new TextDecoder().decode(stdout).trim();
    return success && folder ? folder : undefined;
  } catch {
    return undefined; // no python3 that can be run
  }
}

/** Whether pip works. */
export async function hasPip(): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT);
    return (await python(PIP, ["--version"], { signal }).output()).success;
  } catch {
    return false; // no python3 that can be run
  }
}
