/** The places where TensorFlow's libraries may be, in order of preference. */
import { join } from "node:path";
import { messageOf } from "../../../text.ts";
import type { BackendOptions } from "../../types.ts";
import { cacheEntry, cacheRoot, type LibraryBuild } from "./cache.ts";
import { folderDigest, intactManifest, manifestDigest } from "./digest.ts";
import { visibleGpus } from "./gpus.ts";
import { libraryNames } from "../binding/open.ts";
import { pinnedFiles } from "./pinned_files.ts";
import { pythonTensorFlow } from "./python.ts";
import { libraryProblem } from "./try_library.ts";

/** A place that was searched. */
export interface Candidate {
  /** e.g. "the cache of this user". */
  origin: string;
  folder?: string;
  /** Named by the user: if it has no library, that is an error and the search ends. */
  explicit: boolean;
  /** Why it can't be used; undefined if it can. */
  problem?: string;
  /** The library exists but can't be used, which is worth telling the user. */
  unusable?: boolean;
  /**
   * The build in Cambium's own cache, which may be fetched again; absent for libraries that someone
   * else installed, which are never changed.
   */
  cached?: LibraryBuild;
  /** Computes the digest of the libraries; called only for the place that is used. */
  digest?: () => Promise<string>;
}

/**
 * Searches one place after another; stop iterating once one fits. GPU builds come first if there is
 * a usable GPU, and are the only candidates if a GPU was requested.
 */
export async function* candidates(
  { tensorflow, device = "auto" }: Pick<BackendOptions, "tensorflow" | "device">,
): AsyncGenerator<Candidate> {
  if (tensorflow !== undefined) {
    yield await folderCandidate("the folder given by --tensorflow", tensorflow, true);
  }
  const variable = Deno.env.get("CAMBIUM_TENSORFLOW");
  if (variable) {
    yield await folderCandidate("the folder named by CAMBIUM_TENSORFLOW", variable, true);
  }
  let installed: Promise<string | undefined> | undefined; // asked once
  const fromPython = (build: LibraryBuild) =>
    pythonCandidate(build, installed ??= pythonTensorFlow());
  if (device === "gpu" || (device === "auto" && visibleGpus().models.length > 0)) {
    yield await cacheCandidate("cuda");
    yield await fromPython("cuda");
  }
  if (device === "gpu") return;
  yield await cacheCandidate("cpu");
  yield await fromPython("cpu");
}

/** The user's cache. */
export async function cacheCandidate(build: LibraryBuild): Promise<Candidate> {
  const origin = `the cache of this user${build === "cuda" ? ", for GPUs" : ""}`;
  const root = cacheRoot();
  if (root === undefined) return { origin, explicit: false, problem: "HOME is not set" };
  const { folder } = cacheEntry(root, build);
  const place = { origin, folder, explicit: false, cached: build };
  try {
    const manifest = await intactManifest(folder, pinnedFiles(build));
    if (!manifest) return { ...place, problem: "nothing was fetched yet" };
    return { ...place, digest: () => Promise.resolve(manifestDigest(manifest)) };
  } catch (error) {
    return { ...place, problem: messageOf(error), unusable: true };
  }
}

/** The TensorFlow of the user's Python; `tensorflow[and-cuda]` has CUDA's libraries beside it. */
async function pythonCandidate(
  build: LibraryBuild,
  installed: Promise<string | undefined>,
): Promise<Candidate> {
  const origin = "the tensorflow package of python3", folder = await installed;
  if (folder === undefined) return { origin, explicit: false, problem: "none is installed" };
  const cuda = join(folder, "..", "nvidia", "cudnn", "lib");
  if (build === "cuda" && !await Deno.stat(cuda).then(() => true, () => false)) {
    return { origin, folder, explicit: false, problem: "it has no CUDA libraries beside it" };
  }
  const candidate = await folderCandidate(origin, folder, false);
  const problem = candidate.problem === undefined ? await libraryProblem(folder) : undefined;
  return problem === undefined
    ? candidate
    : { origin, folder, explicit: false, problem, unusable: true };
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
