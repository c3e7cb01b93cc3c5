/** An installed `tensorflow` of python3, found without importing it. */

const FIND = "import importlib.util as u; s = u.find_spec('tensorflow'); " +
  "print(s.submodule_search_locations[0] if s and s.submodule_search_locations else '')";

/** The package's folder; undefined where there is none, or no python3. */
export async function pythonTensorFlow(): Promise<string | undefined> {
  try {
    const { success, stdout } = await new Deno.Command("python3", {
      args: ["-c", FIND],
      stdout: "piped",
      stderr: "null",
      stdin: "null",
      signal: AbortSignal.timeout(20_000),
    }).output();
    const folder = new TextDecoder().decode(stdout).trim();
    return success && folder ? folder : undefined;
  } catch {
    return undefined; // no python3 that can be run
  }
}

/** Whether `python3 -m pip` answers. */
export async function hasPip(): Promise<boolean> {
  try {
    const { success } = await new Deno.Command("python3", {
      args: ["-m", "pip", "--version"],
      stdout: "null",
      stderr: "null",
      stdin: "null",
      signal: AbortSignal.timeout(20_000),
    }).output();
    return success;
  } catch {
    return false; // no python3 that can be run
  }
}
