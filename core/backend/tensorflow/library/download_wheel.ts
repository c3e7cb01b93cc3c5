/** Downloads a wheel with the user's own pip, and so with their mirror, proxy and certificates. */
import { join } from "node:path";
import type { LibraryProgress } from "../../types.ts";
import { fileDigest } from "./digest.ts";
import { pinOf } from "./pins.ts";
import { pip } from "./python.ts";
import { pipArguments, requirementOf, type Wheel } from "./wheel.ts";

/**
 * @param folder an empty folder for the wheel and pip's temporary files
 * @returns the path of the wheel, whose SHA-256 is the pinned one
 * @throws Error with pip's own message, or if the wheel is another one
 */
export async function downloadWheel(
  wheel: Wheel,
  folder: string,
  report: (progress: LibraryProgress) => void,
): Promise<string> {
  const megabytes = Math.round(wheel.downloadBytes / 1e6);
  const message = `downloading ${wheel.project} ${wheel.version} (${megabytes} MB) with pip`;
  report({ stage: "download", message, fraction: 0 });
  // pip writes partial downloads into TMPDIR, so the folder's growth shows the progress.
  const timer = setInterval(async () => {
    const fraction = Math.min(0.99, await folderBytes(folder) / wheel.downloadBytes);
    report({ stage: "download", message, fraction });
  }, 500);
  try {
    const requirements = join(folder, "requirements.txt");
    await Deno.writeTextFile(requirements, requirementOf(wheel));
    const { success, stderr } = await pip(pipArguments(wheel, folder, requirements), {
      TMPDIR: folder,
    }).output();
    const wheels = await Array.fromAsync(Deno.readDir(folder));
    const found = wheels.find(({ name }) => name.endsWith(".whl"));
    if (success && found) return await expectPinned(join(folder, found.name), wheel);
    throw new Error(
      `Cannot download ${wheel.project}: expected pip to fetch version ${wheel.version}, ` +
        `received: ${new TextDecoder().decode(stderr).trim().slice(-800)}`,
    );
  } finally {
    clearInterval(timer);
  }
}

/** pip has checked the digest as well, but it may be any program of that name. */
async function expectPinned(path: string, wheel: Wheel): Promise<string> {
  const { sha256 } = pinOf(wheel), received = await fileDigest(path);
  if (received === sha256) return path;
  throw new Error(
    `Cannot use ${wheel.project} ${wheel.version}: expected a wheel with SHA-256 ${sha256}, ` +
      `received ${received}`,
  );
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
