/** The places where TensorFlow's libraries may be, in the order of preference. */
import { join } from "node:path";
import type { BackendOptions } from "../../types.ts";
import { cacheName, cacheRoot, readManifest } from "./cache.ts";
import { folderDigest, manifestDigest } from "./digest.ts";
import { libraryNames } from "../binding/open.ts";
import { pythonTensorFlow } from "./python.ts";

/** A place that was looked at. */
export interface Candidate {
  /** e.g. "the cache of this user". */
  origin: string;
  folder?: string;
  /** Named by the user: if nothing is there, that is an error and the search ends. */
  explicit: boolean;
  /** Why it can't be taken; undefined if it can. */
  problem?: string;
  /** Identifies the libraries' bits; called only for the one that is taken. */
  digest?: () => Promise<string>;
}

/** Looks at one place after the other; stop reading when one fits. */
export async function* candidates(
  options: Pick<BackendOptions, "tensorflow">,
): AsyncGenerator<Candidate> {
  if (options.tensorflow !== undefined) {
    yield await folderCandidate("the folder given by --tensorflow", options.tensorflow, true);
  }
  const variable = Deno.env.get("CAMBIUM_TENSORFLOW");
  if (variable) {
    yield await folderCandidate("the folder named by CAMBIUM_TENSORFLOW", variable, true);
  }
  yield await cacheCandidate();
  const origin = "the tensorflow package of python3", installed = await pythonTensorFlow();
  if (installed === undefined) yield { origin, explicit: false, problem: "none is installed" };
  else yield await folderCandidate(origin, installed, false);
}

/** The user's cache. */
export async function cacheCandidate(): Promise<Candidate> {
  const origin = "the cache of this user", root = cacheRoot();
  if (root === undefined) return { origin, explicit: false, problem: "HOME is not set" };
  const folder = join(root, cacheName());
  try {
    const manifest = await readManifest(folder);
    if (!manifest) return { origin, folder, explicit: false, problem: "nothing was fetched yet" };
    return {
      origin,
      folder,
      explicit: false,
      digest: () => Promise.resolve(manifestDigest(manifest)),
    };
  } catch (error) {
    return { origin, folder, explicit: false, problem: (error as Error).message }; // Deno throws Errors
  }
}

async function folderCandidate(
  origin: string,
  folder: string,
  explicit: boolean,
): Promise<Candidate> {
  for (const name of libraryNames()) {
    const isFile = await Deno.stat(join(folder, name)).then((info) => info.isFile, () => false);
    if (!isFile) return { origin, folder, explicit, problem: `it has no ${name}` };
  }
  return { origin, folder, explicit, digest: () => folderDigest(folder) };
}
