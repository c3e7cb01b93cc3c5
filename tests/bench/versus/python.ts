/** Installs PyTorch in a separate virtual environment, once, in the user's cache. */
import { join } from "node:path";
import { defaultCacheDir } from "../../../datasets/mod.ts";

/** The version to compare with. */
export const TORCH_VERSION = "2.13.0";

/**
 * Finds or creates the environment.
 * @param onProgress called with what is being done
 * @returns the path of its Python
 * @throws Error where python3 or pip fails, with its output
 */
export async function pytorchPython(onProgress: (message: string) => void): Promise<string> {
  const folder = join(defaultCacheDir(), `pytorch-${TORCH_VERSION}`);
  const python = Deno.build.os === "windows"
    ? join(folder, "Scripts", "python.exe")
    : join(folder, "bin", "python");
  if (await isReady(python)) return python;
  onProgress(`Making a Python environment in ${folder}`);
  await run("python3", ["-m", "venv", "--clear", folder], onProgress);
  onProgress(`Installing PyTorch ${TORCH_VERSION}`);
  const packages = [`torch==${TORCH_VERSION}`, "numpy"];
  await run(python, ["-m", "pip", "install", "--progress-bar", "off", ...packages], onProgress);
  if (await isReady(python)) return python;
  throw new Error(`Cannot use PyTorch: expected ${python} to import torch ${TORCH_VERSION}`);
}

/**
 * Installs packages that a Python environment lacks.
 * @param packages pip requirements by module name
 * @throws Error where pip fails, with its output
 */
export async function installMissing(
  python: string,
  packages: Record<string, string>,
  onProgress: (message: string) => void,
): Promise<void> {
  const find = "import importlib.util as u, sys; " +
    "print(*[name for name in sys.argv[1:] if u.find_spec(name) is None])";
  const { stdout, success } = await new Deno.Command(python, {
    args: ["-c", find, ...Object.keys(packages)],
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`Cannot use Python: expected ${python} to look for modules`);
  const missing = new TextDecoder().decode(stdout).trim().split(" ").filter((name) => name !== "");
  if (missing.length === 0) return;
  onProgress(`Installing ${missing.join(", ")}`);
  const names = missing.map((name) => packages[name]!); // the script prints keys of `packages`
  await run(python, ["-m", "pip", "install", "--progress-bar", "off", ...names], onProgress);
}

async function isReady(python: string): Promise<boolean> {
  try {
    const { success, stdout } = await new Deno.Command(python, {
      args: ["-c", "import torch, numpy; print(torch.__version__.split('+')[0])"],
      stderr: "null",
    }).output();
    return success && new TextDecoder().decode(stdout).trim() === TORCH_VERSION;
  } catch {
    return false; // not created yet
  }
}

async function run(
  program: string,
  args: readonly string[],
  onProgress: (message: string) => void,
): Promise<void> {
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(program, { args: [...args], stdout: "piped", stderr: "piped" })
      .spawn();
  } catch (cause) {
    throw new Error(`Cannot set up PyTorch: expected ${program} on the PATH. Install Python 3`, {
      cause,
    });
  }
  let said = "";
  const listen = (stream: ReadableStream<Uint8Array<ArrayBuffer>>, tell: boolean) =>
    stream.pipeThrough(new TextDecoderStream()).pipeTo(
      new WritableStream({
        write(text) {
          said = (said + text).slice(-4000);
          if (tell) {
            for (const line of text.split("\n")) if (line.trim()) onProgress(line.trim());
          }
        },
      }),
    );
  await Promise.all([listen(child.stdout, true), listen(child.stderr, false)]);
  const { code } = await child.status;
  if (code === 0) return;
  throw new Error(
    `Cannot set up PyTorch: ${program} ${args.join(" ")} ended with ${code}:\n${said}`,
  );
}
