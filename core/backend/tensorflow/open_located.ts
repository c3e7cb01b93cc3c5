/** From where TensorFlow lies to a backend. */
import type { Backend, BackendOptions } from "../types.ts";
import { type OpenOptions, openTensorFlow } from "./backend.ts";
import { expectAvx, type Processor } from "./expect_avx.ts";
import { expectVisible } from "./gpu_devices.ts";
import { LibraryError } from "./binding/open.ts";
import { forgetDigests } from "./library/digest.ts";
import { locateLibrary } from "./library/locate.ts";

/**
 * Locates TensorFlow and loads it. Where our own one can't be opened, its files are read whole,
 * fetched anew if they are damaged, and tried once more.
 * @param processor default: this machine's
 * @throws Error if it can't be had, can't be loaded, or this machine can't run it
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
    await forgetDigests(library.folder).catch(() => {}); // damaged still more: locating tells
    return await openTensorFlow({ ...openOptions, library: await locateLibrary(options) });
  }
}
