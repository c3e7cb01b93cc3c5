/** Bundles TypeScript into scripts for browsers. */
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { messageOf } from "./text.ts";

/** [file name, content] of each output file. */
export type Bundled = [string, Uint8Array<ArrayBuffer>][];

export interface BundleOptions {
  /** Name for error messages, e.g. "the page". */
  what: string;
  /** Absolute paths. */
  entrypoints: string[];
  /** Used for the names only: nothing is written. */
  outputDir: string;
}

/**
 * Bundles and minifies each by itself; code that is imported on demand (`import()`) becomes a file
 * of its own, named by its digest. esbuild runs inside Deno, so that no run permission is needed.
 *
 * The first one is bundled before the others: on its first use Deno downloads esbuild into its
 * cache, and bundles that start meanwhile would run a half-written file. Other processes of this
 * checkout wait for the lock.
 * @throws Error where one can't be bundled
 */
export async function bundleForBrowser(bundles: readonly BundleOptions[]): Promise<Bundled[]> {
  const [first, ...rest] = bundles;
  if (first === undefined) return [];
  using file = await Deno.open(fileURLToPath(import.meta.url));
  // Some network file systems lock only files that are open for writing; there, only bundles of
  // this process are serialized.
  await file.lock(true).catch(() => {});
  const bundled = await bundle(first);
  await file.unlock().catch(() => {});
  return [bundled, ...await Promise.all(rest.map(bundle))];
}

async function bundle({ what, ...places }: BundleOptions): Promise<Bundled> {
  const { success, errors, outputFiles = [] } = await Deno.bundle({
    ...places,
    platform: "browser",
    codeSplitting: true,
    minify: true,
    write: false,
  }).catch((cause) => {
    throw new Error(
      `Cannot bundle ${what}: esbuild did not start (${messageOf(cause)}). The first start ` +
        `fetches it from npm, which needs the network; where that was cut off, remove the folder ` +
        `"dl" in Deno's cache ("deno info" shows where that is), and start again`,
      { cause },
    );
  });
  if (!success) {
    const texts = [...new Set(errors.map(({ text }) => text))].join("; ");
    const hint = /not a dependency/.test(texts)
      ? ". Start it in the folder of Cambium's deno.json, as deno task does"
      : "";
    throw new Error(`Cannot bundle ${what}: ${texts}${hint}`);
  }
  return outputFiles.map(({ path, contents }) => {
    if (!contents) throw new Error(`Cannot bundle ${what}: no ${path}`);
    return [basename(path), new Uint8Array(contents)];
  });
}
