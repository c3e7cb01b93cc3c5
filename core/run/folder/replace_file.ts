import { basename, dirname, join } from "node:path";
import { syncFolder, writeSynced } from "../../checkpoint/files.ts";
import { messageOf } from "../../text.ts";

/** Replaces a file atomically and durably: writes a temporary file, syncs and renames it. */
export async function replaceFile(path: string, chunks: readonly Uint8Array[]): Promise<void> {
  const temporary = join(
    dirname(path),
    `.tmp-${basename(path)}-${crypto.randomUUID().slice(0, 8)}`,
  );
  try {
    await writeSynced(temporary, chunks, () => {});
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {}); // the first error is the one to report
    throw new Error(`Cannot write ${path}: ${messageOf(error)}`, { cause: error });
  }
  await syncFolder(dirname(path), () => {});
}
