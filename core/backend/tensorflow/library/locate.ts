/** Finds TensorFlow's shared libraries, or fetches them once. */
import type { BackendOptions } from "../../types.ts";
import { cacheRoot } from "./cache.ts";
import { cacheCandidate, type Candidate, candidates } from "./candidates.ts";
import { fetchLibrary } from "./fetch.ts";
import { mayHaveGpu } from "./gpus.ts";
import { hasPip } from "./python.ts";
import { cudaWheelsFor, TENSORFLOW_VERSION, wheelFor } from "./wheel.ts";

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
    if (located) return tellUnusable(seen, located, options);
    seen.push(candidate);
    if (candidate.explicit) throw notFound(seen, "Name a folder that has both, or leave it out");
  }
  if (options.device === "gpu" && !mayHaveGpu()) {
    throw notFound(
      seen,
      "TensorFlow's CUDA build is not fetched, for there is no NVIDIA driver (nvidia-smi must list a GPU): " +
        "install it, or use --device cpu",
    );
  }
  const { os, arch } = Deno.build, root = cacheRoot();
  const build = options.device === "gpu" ? "cuda" : "cpu", cpu = wheelFor(os, arch);
  const wheels = build === "cuda" ? cudaWheelsFor(os, arch) : cpu && [cpu];
  if (!wheels) {
    const what = build === "cuda" ? "TensorFlow with CUDA" : "TensorFlow";
    const instead = build === "cuda" ? "use --device cpu or" : "use";
    throw notFound(
      seen,
      `${what} is not published for ${os}-${arch}: ${instead} the WebGPU or WASM backend`,
    );
  }
  const project = build === "cuda" ? '"tensorflow[and-cuda]"' : wheels[0]!.project; // there is one
  const command = `python3 -m pip install ${project}==${TENSORFLOW_VERSION}`;
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
  await fetchLibrary({
    wheels,
    build,
    root,
    ...options.onProgress && { onProgress: options.onProgress },
  });
  const fetched = await cacheCandidate(build);
  const located = await take(fetched);
  if (located) return tellUnusable(seen, located, options);
  throw notFound([...seen, fetched], "Run again");
}

function tellUnusable(
  seen: readonly Candidate[],
  located: LocatedLibrary,
  { onFallback }: BackendOptions,
): LocatedLibrary {
  const unusable = seen.find((candidate) => candidate.unusable);
  if (unusable) onFallback?.(`Not using ${describe(unusable)}. Taken instead: ${located.origin}`);
  return located;
}

async function take(candidate: Candidate): Promise<LocatedLibrary | undefined> {
  const { folder, origin, digest, problem } = candidate;
  if (problem !== undefined || folder === undefined || !digest) return undefined;
  return { folder, origin, digest: await digest() };
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
