/**
 * The user's python3, which runs alone (`-I`): neither the working folder nor PYTHONPATH lends it
 * code.
 */
import { childEnvironment, PYTHON_NAMES } from "../../../child_environment.ts";

/** Packages that the user installed for themselves count, which `-I` leaves out; they come last. */
const USERS_OWN = "import sys, site; sys.path.append(site.getusersitepackages()); ";

/** Finds an installed `tensorflow` without importing it. */
const FIND = USERS_OWN +
  "import importlib.util as u; s = u.find_spec('tensorflow'); " +
  "print(s.submodule_search_locations[0] if s and s.submodule_search_locations else '')";

/** As `-m pip` does. */
const PIP = USERS_OWN +
  "import runpy; runpy.run_module('pip', run_name='__main__', alter_sys=True)";

const PATIENCE = 20_000; // ms

/** A python3 process; it is given what Python and pip need of this one's environment. */
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

/** Runs pip. @param env beside what every Python process gets */
export function pip(words: readonly string[], env: Record<string, string> = {}): Deno.Command {
  return python(PIP, words, { env, stderr: "piped" });
}

/** The package's folder; undefined where there is none, or no python3. */
export async function pythonTensorFlow(): Promise<string | undefined> {
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    const { success, stdout } = await python(FIND, [], { stdout: "piped", signal }).output();
    const folder = new TextDecoder().decode(stdout).trim();
    return success && folder ? folder : undefined;
  } catch {
    return undefined; // no python3 that can be run
  }
}

/** Whether pip answers. */
export async function hasPip(): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    return (await python(PIP, ["--version"], { signal }).output()).success;
  } catch {
    return false; // no python3 that can be run
  }
}
