/** Finds TensorFlow's shared libraries, or fetches them once. */
import type { BackendOptions } from "../../types.ts";
import { cacheRoot } from "./cache.ts";
import { cacheCandidate, type Candidate, candidates } from "./candidates.ts";
import { fetchLibrary } from "./fetch.ts";
import { hasPip } from "./python.ts";
import { TENSORFLOW_VERSION, wheelFor } from "./wheel.ts";

/** A folder that holds the two libraries. */
export interface LocatedLibrary {
  folder: string;
  /** e.g. "the cache of this user". */
  origin: string;
  /** What identifies the library's bits. */
  digest: string;
}

/**
 * @param options `tensorflow` names a folder, `download: false` forbids fetching
 * @throws Error that says where was looked, and what to do
 */
export async function locateLibrary(options: BackendOptions): Promise<LocatedLibrary> {
  const seen: Candidate[] = [];
  for await (const candidate of candidates(options)) {
    const located = await take(candidate);
    if (located) return located;
    seen.push(candidate);
    if (candidate.explicit) throw notFound(seen, "Name a folder that has both, or leave it out");
  }
  const wheel = wheelFor(Deno.build.os, Deno.build.arch), root = cacheRoot();
  if (!wheel) {
    throw notFound(
      seen,
      `TensorFlow is not published for ${Deno.build.os}-${Deno.build.arch}: use the WebGPU or WASM backend`,
    );
  }
  const command = `python3 -m pip install ${wheel.project}==${TENSORFLOW_VERSION}`;
  if (options.download === false || root === undefined) {
    throw notFound(seen, `Fetching is off: allow it, or run \`${command}\``);
  }
  if (!await hasPip()) {
    throw notFound(
      seen,
      `Fetching needs Python's pip: install it (Debian: apt install python3-pip; macOS: ` +
        `xcode-select --install), or name a folder that holds TensorFlow's libraries by --tensorflow`,
    );
  }
  await fetchLibrary({ wheel, root, ...options.onProgress && { onProgress: options.onProgress } });
  const fetched = await cacheCandidate();
  const located = await take(fetched);
  if (located) return located;
  throw notFound([...seen, fetched], "Run again");
}

async function take(candidate: Candidate): Promise<LocatedLibrary | undefined> {
  const { folder, origin, digest, problem } = candidate;
  if (problem !== undefined || folder === undefined || !digest) return undefined;
  return { folder, origin, digest: await digest() };
}

function notFound(seen: readonly Candidate[], remedy: string): Error {
  const places = seen.map(({ origin, folder, problem }) =>
    `${origin}${folder ? ` (${folder})` : ""}: ${problem}`
  );
  return new Error(
    `Cannot find TensorFlow's libraries: expected them in one of the usual places, received ` +
      `${places.join("; ")}. ${remedy}`,
  );
}
