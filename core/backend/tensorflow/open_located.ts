/** From where TensorFlow lies to a backend. */
import type { Backend, BackendOptions } from "../types.ts";
import { type OpenOptions, openTensorFlow } from "./backend.ts";
import { LibraryError } from "./binding/open.ts";
import { forgetDigests } from "./library/digest.ts";
import { locateLibrary } from "./library/locate.ts";

/**
 * Locates TensorFlow and loads it. Where our own one can't be opened, its files are read whole, fetched anew if they are
 * damaged, and tried once more.
 * @throws Error if it can't be had or can't be loaded
 */
export async function openLocated(
  options: BackendOptions,
  openOptions: Omit<OpenOptions, "library">,
): Promise<Backend> {
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
