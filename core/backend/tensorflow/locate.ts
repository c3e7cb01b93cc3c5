/** Where TensorFlow's shared libraries are. */
import { join } from "node:path";
import type { BackendOptions } from "../types.ts";
import { libraryNames } from "./open.ts";

/** A folder that holds the two libraries. */
export interface LocatedLibrary {
  folder: string;
  /** e.g. "the cache of this user". */
  origin: string;
  /** What identifies the library's bits. */
  digest: string;
}

/** First cut: the option and the environment. */
export async function locateLibrary(options: BackendOptions): Promise<LocatedLibrary> {
  const folder = options.tensorflow ?? Deno.env.get("CAMBIUM_TENSORFLOW");
  if (folder === undefined) throw new Error("Cannot find TensorFlow: set CAMBIUM_TENSORFLOW");
  const sizes = await Promise.all(
    libraryNames().map(async (name) => (await Deno.stat(join(folder, name))).size),
  );
  return { folder, origin: "the folder given", digest: sizes.join("+") };
}
