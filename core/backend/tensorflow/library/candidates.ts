/** The places where TensorFlow's libraries may be, in the order of preference. */
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

/** A place that was looked at. */
export interface Candidate {
  /** e.g. "the cache of this user". */
  origin: string;
  folder?: string;
  /** Named by the user: if nothing is there, that is an error and the search ends. */
  explicit: boolean;
  /** Why it can't be taken; undefined if it can. */
  problem?: string;
  /** It is there, and can't be used: people would wonder why it isn't. */
  unusable?: boolean;
  /**
   * A build of our own cache, which may be fetched anew; absent: somebody else's, which stays as it
   * is.
   */
  cached?: LibraryBuild;
  /** Identifies the libraries' bits; called only for the one that is taken. */
  digest?: () => Promise<string>;
}

/**
 * Looks at one place after the other; stop reading when one fits. Builds for GPUs come first where
 * there is a GPU that may be used, and are the only ones where a GPU is wished.
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
  const ofPython = (build: LibraryBuild) =>
    pythonCandidate(build, installed ??= pythonTensorFlow());
  if (device === "gpu" || (device === "auto" && visibleGpus().models.length > 0)) {
    yield await cacheCandidate("cuda");
    yield await ofPython("cuda");
  }
  if (device === "gpu") return;
  yield await cacheCandidate("cpu");
  yield await ofPython("cpu");
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

/** What the user's Python has; `tensorflow[and-cuda]` has CUDA's libraries beside it. */
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
