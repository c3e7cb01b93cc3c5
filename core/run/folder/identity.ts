/** Distinguishes a run from an earlier one of the same name: the run store outlives folders. */
import { join } from "node:path";
import { writeSynced } from "../../checkpoint/files.ts";

/** Name of the file inside a run folder. */
export const IDENTITY_NAME = ".identity";

/** Length of a UUID, characters. */
const LENGTH = 36;

/** Writes a new run folder's identity. */
export async function writeIdentity(folder: string): Promise<void> {
  const bytes = new TextEncoder().encode(crypto.randomUUID());
  await writeSynced(join(folder, IDENTITY_NAME), [bytes], () => {});
}

/**
 * A run folder's identity; undefined where it has none. It does not change when the run is resumed,
 * moved or copied.
 */
export async function readIdentity(folder: string): Promise<string | undefined> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(join(folder, IDENTITY_NAME));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  using opened = file;
  const bytes = new Uint8Array(LENGTH);
  const text = new TextDecoder().decode(bytes.subarray(0, await opened.read(bytes) ?? 0));
  return /^[0-9a-f-]{36}$/.test(text) ? text : undefined;
}
