/** Finds TensorFlow's shared libraries, or fetches them once. */
import { messageOf } from "../../../text.ts";
import type { BackendOptions } from "../../types.ts";
import type { LibraryBuild } from "./cache.ts";
import { cacheCandidate, type Candidate, candidates } from "./candidates.ts";
import { fetchLibrary } from "./fetch.ts";
import { fetchPlan } from "./fetch_plan.ts";

/** A folder that holds the two libraries. */
export interface LocatedLibrary {
  folder: string;
  /** e.g. "the cache of this user". */
  origin: string;
  /** Identifies the library's exact contents. */
  digest: string;
  /** Whether Cambium fetched it into its cache. */
  isCached: boolean;
}

/**
 * Locates TensorFlow. A damaged library in the cache is fetched again, once; libraries that others
 * installed or named are left unchanged.
 * @param options `tensorflow` names a folder, `download: false` forbids fetching
 * @throws Error that says which places were searched, and what to do
 */
export async function locateLibrary(options: BackendOptions): Promise<LocatedLibrary> {
  const seen: Candidate[] = [];
  for await (const found of candidates(options)) {
    const { cached, unusable } = found;
    const candidate = cached && unusable ? await renew(found, cached, options) : found;
    const located = await toLocated(candidate);
    if (located) return reportUnusable(seen, located, options);
    seen.push(candidate);
    if (candidate.explicit) throw notFound(seen, "Name a folder that has both, or leave it out");
  }
  const build = options.device === "gpu" ? "cuda" : "cpu";
  const { fetch, remedy } = await fetchPlan(build, options);
  const wasTried = seen.some(({ cached, unusable }) => cached === build && unusable);
  if (!fetch || wasTried) throw notFound(seen, remedy);
  await fetchLibrary(fetch);
  const fetched = await cacheCandidate(build);
  const located = await toLocated(fetched);
  if (located) return reportUnusable(seen, located, options);
  throw notFound([...seen, fetched], "Run again");
}

/**
 * Fetches a damaged library again; it stays in the cache until the new one is complete.
 * @returns the cache's content afterwards
 */
async function renew(
  damaged: Candidate,
  build: LibraryBuild,
  options: BackendOptions,
): Promise<Candidate> {
  const { fetch } = await fetchPlan(build, options);
  if (!fetch) return damaged;
  options.onFallback?.(`Fetching TensorFlow anew. ${damaged.problem}`);
  try {
    await fetchLibrary(fetch);
  } catch (error) {
    const problem = `${damaged.problem}; and it can't be fetched anew (${messageOf(error)})`;
    return { ...damaged, problem };
  }
  return await cacheCandidate(build);
}

function reportUnusable(
  seen: readonly Candidate[],
  located: LocatedLibrary,
  { onFallback }: BackendOptions,
): LocatedLibrary {
  const unusable = seen.find((candidate) => candidate.unusable);
  if (unusable) onFallback?.(`Not using ${describe(unusable)}. Using instead: ${located.origin}`);
  return located;
}

async function toLocated(candidate: Candidate): Promise<LocatedLibrary | undefined> {
  const { folder, origin, digest, problem, cached } = candidate;
  if (problem !== undefined || folder === undefined || !digest) return undefined;
  return { folder, origin, digest: await digest(), isCached: cached !== undefined };
}

function notFound(seen: readonly Candidate[], remedy: string): Error {
  return new Error(
    `Cannot find TensorFlow's libraries: expected them in one of the usual places, received ` +
      `${seen.map(describe).join("; ")}. ${remedy}`,
  );
}

function describe({ origin, folder, problem }: Candidate): string {
  return `${origin}${folder ? ` (${folder})` : ""}: ${problem}`;
}
