/** Decides what would be fetched on this machine, or why nothing can be. */
import type { BackendOptions } from "../../types.ts";
import { cacheRoot, type LibraryBuild } from "./cache.ts";
import type { FetchOptions } from "./fetch.ts";
import { mayHaveGpu } from "./gpus.ts";
import { hasPip } from "./python.ts";
import { cudaWheelsFor, TENSORFLOW_VERSION, wheelFor } from "./wheel.ts";

/** What can be fetched, and what the user can do if that fails. */
export interface FetchPlan {
  /** Absent if nothing can be fetched. */
  fetch?: FetchOptions;
  remedy: string;
}

/** @param options as given to `locateLibrary()` */
export async function fetchPlan(build: LibraryBuild, options: BackendOptions): Promise<FetchPlan> {
  if (build === "cuda" && !mayHaveGpu()) {
    return {
      remedy: "TensorFlow's CUDA build is not fetched, for there is no NVIDIA driver (nvidia-smi " +
        "must list a GPU): install it, or use --device cpu",
    };
  }
  const { os, arch } = Deno.build, root = cacheRoot(), cpu = wheelFor(os, arch);
  const wheels = build === "cuda" ? cudaWheelsFor(os, arch) : cpu && [cpu];
  if (!wheels) {
    const what = build === "cuda" ? "TensorFlow with CUDA" : "TensorFlow";
    const instead = build === "cuda" ? "use --device cpu or" : "use";
    return {
      remedy: `${what} is not published for ${os}-${arch}: ${instead} the WebGPU or WASM backend`,
    };
  }
  const project = build === "cuda" ? '"tensorflow[and-cuda]"' : wheels[0]!.project; // there is one
  const command = `python3 -m pip install ${project}==${TENSORFLOW_VERSION}`;
  if (options.download === false) {
    return { remedy: `Fetching is off: allow it, or run \`${command}\`` };
  }
  if (root === undefined) {
    return {
      remedy: `There is no folder to fetch it to: set HOME or CAMBIUM_CACHE, or run \`${command}\``,
    };
  }
  if (!await hasPip()) {
    return {
      remedy: `Fetching needs Python's pip: install it (Debian: apt install python3-pip; macOS: ` +
        `xcode-select --install), or name a folder that holds TensorFlow's libraries by ` +
        `--tensorflow`,
    };
  }
  const { onProgress } = options;
  return {
    fetch: { wheels, build, root, ...onProgress && { onProgress } },
    remedy: `Run again where pip can fetch it, or run \`${command}\``,
  };
}
