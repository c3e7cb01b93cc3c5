/** Opens the run store, local or remote. */
import { dirname, join } from "node:path";
import { messageOf } from "../../text.ts";
import { withDeadline } from "./deadline.ts";
import { KvAccess } from "./kv_access.ts";
import { keys } from "./kv_keys.ts";
import { KvRunStore, type KvRunStoreOptions } from "./kv_store.ts";
import type { RunStore } from "./types.ts";
import { RUN_SCHEMA } from "./types.ts";

/** The store's file inside the folder of runs. */
export const STORE_NAME = "cambium.kv";

/** The default path of the store: `cambium.kv` in the folder of runs. */
export function defaultStorePath(runsFolder: string): string {
  return join(runsFolder, STORE_NAME);
}

/**
 * Opens the run store.
 * @param pathOrUrl a file, created where missing, or the http(s) URL of a remote Deno KV, for which
 * Deno takes
 *   the token from the environment variable DENO_KV_ACCESS_TOKEN
 * @throws Error where it can't be opened, or another version of Cambium wrote it
 */
export async function openRunStore(
  pathOrUrl: string,
  options: Omit<KvRunStoreOptions, "place"> = {},
): Promise<RunStore> {
  const isRemote = /^https?:\/\//.test(pathOrUrl);
  const deadline = options.deadline ?? 10_000;
  if (typeof Deno.openKv !== "function") {
    throw new Error("Cannot open the run store: expected Deno KV. Run with --unstable-kv");
  }
  if (!isRemote) await makeFolder(dirname(pathOrUrl));
  const opening = Deno.openKv(pathOrUrl);
  let kv: Deno.Kv;
  try {
    kv = await withDeadline(opening, deadline, `open the run store at ${pathOrUrl}`);
  } catch (cause) {
    opening.then((late) => late.close(), () => {});
    throw new Error(
      `Cannot open the run store at ${pathOrUrl}: ${messageOf(cause)}. ` +
        (isRemote
          ? "Check the URL and DENO_KV_ACCESS_TOKEN"
          : "It is only an index of the run folders: if the file is damaged, move it away"),
      { cause },
    );
  }
  const access = new KvAccess(kv, pathOrUrl, deadline);
  try {
    await access.write("check the schema", () => checkSchema(kv, pathOrUrl));
  } catch (error) {
    // Closing would block while KV waits for a lock, so it is done after all pending changes.
    access.settled().then(() => kv.close());
    throw error;
  }
  return new KvRunStore(kv, { ...options, place: pathOrUrl });
}

/**
 * Creates a folder where it is missing. Checks first, since the dashboard may write the store's
 * file, but not its folder.
 */
async function makeFolder(folder: string): Promise<void> {
  // missing or not readable: mkdir will report the latter
  const found = await Deno.stat(folder).catch(() => null);
  if (!found?.isDirectory) await Deno.mkdir(folder, { recursive: true });
}

async function checkSchema(kv: Deno.Kv, place: string): Promise<void> {
  const { value, versionstamp } = await kv.get<number>(keys.schema);
  if (value === RUN_SCHEMA) return;
  if (versionstamp === null) {
    await kv.set(keys.schema, RUN_SCHEMA);
    return;
  }
  throw new Error(
    `Cannot open the run store at ${place}: expected schema ${RUN_SCHEMA}, received ${value}. ` +
      `Another version of Cambium made it: use that version, or another file`,
  );
}
