/** Fetches a wheel with the user's own pip: their mirror, proxy, certificates. */
import { join } from "node:path";
import type { LibraryProgress } from "../../types.ts";
import { pipArguments, type Wheel } from "./wheel.ts";

/**
 * @param folder an empty one, where the wheel and pip's own temporary files go
 * @returns the wheel's path
 * @throws Error with pip's own words
 */
export async function downloadWheel(
  wheel: Wheel,
  folder: string,
  report: (progress: LibraryProgress) => void,
): Promise<string> {
  const megabytes = Math.round(wheel.downloadBytes / 1e6);
  const message = `downloading ${wheel.project} ${wheel.version} (${megabytes} MB) with pip`;
  report({ stage: "download", message, fraction: 0 });
  // pip writes what it has so far into TMPDIR: its growth is the progress.
  const timer = setInterval(async () => {
    const fraction = Math.min(0.99, await folderBytes(folder) / wheel.downloadBytes);
    report({ stage: "download", message, fraction });
  }, 500);
  try {
    const { success, stderr } = await new Deno.Command("python3", {
      args: ["-m", "pip", ...pipArguments(wheel, folder)],
      env: { TMPDIR: folder },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).output();
    const wheels = await Array.fromAsync(Deno.readDir(folder));
    const found = wheels.find(({ name }) => name.endsWith(".whl"));
    if (success && found) return join(folder, found.name);
    throw new Error(
      `Cannot download ${wheel.project}: expected pip to fetch version ${wheel.version}, ` +
        `received: ${new TextDecoder().decode(stderr).trim().slice(-800)}`,
    );
  } finally {
    clearInterval(timer);
  }
}

async function folderBytes(folder: string): Promise<number> {
  let bytes = 0;
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      const path = join(folder, name);
      bytes += isDirectory ? await folderBytes(path) : (await Deno.stat(path)).size;
    }
  } catch {
    // Files come and go while pip works.
  }
  return bytes;
}
