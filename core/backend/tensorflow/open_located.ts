/** Locates TensorFlow and opens it as a backend. */
import type { Backend, BackendOptions } from "../types.ts";
import { type OpenOptions, openTensorFlow } from "./backend.ts";
import { expectAvx, type Processor } from "./expect_avx.ts";
import { expectVisible } from "./gpu_devices.ts";
import { LibraryError } from "./binding/open.ts";
import { forgetDigests } from "./library/digest.ts";
import { locateLibrary } from "./library/locate.ts";

/**
 * Locates TensorFlow and loads it. If a library from Cambium's cache can't be opened, its files are
 * read in full, fetched again if they are damaged, and tried once more.
 * @param processor default: this machine's
 * @throws Error if it is not available, can't be loaded, or can't run on this machine
 */
export async function openLocated(
  options: BackendOptions,
  openOptions: Omit<OpenOptions, "library">,
  processor?: Processor,
): Promise<Backend> {
  expectAvx(processor); // before anything is fetched
  expectVisible(openOptions.device);
  const library = await locateLibrary(options);
  options.onProgress?.({ stage: "load", message: `loading TensorFlow from ${library.folder}` });
  try {
    return await openTensorFlow({ ...openOptions, library });
  } catch (error) {
    if (!(error instanceof LibraryError) || !library.isCached) throw error;
    await forgetDigests(library.folder).catch(() => {}); // if this fails, locating reports why
    return await openTensorFlow({ ...openOptions, library: await locateLibrary(options) });
  }
}
