/** Scripts and styles, made once at start: islands by `Deno.bundle`, style sheets joined. */
import { sha256 } from "../core/sha256.ts";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { messageOf } from "../core/text.ts";
// Names the font's package as a dependency; its files are read from where Deno keeps it.
import "@fontsource-variable/inter/package.json" with { type: "json" };
import { addressOf } from "./lib/address.ts";

/** The page's typeface: Inter by Rasmus Andersson, SIL Open Font License 1.1. */
const FONT = "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2";

/** One file as served. */
export interface Asset {
  bytes: Uint8Array<ArrayBuffer>;
  gzip: Uint8Array<ArrayBuffer>;
  type: string;
}

/** All files as served, by name; requests never reach the disk. */
export interface Assets {
  get(name: string): Asset | undefined;
  /** The address of a file, with its digest, so that it may be kept for ever. */
  url(name: string): string;
  names(): string[];
  /**
   * Scripts that an island needs to wake, itself first; what it fetches later is not among them.
   */
  scripts(island: string): string[];
}

const here = fileURLToPath(new URL(".", import.meta.url));
const types: Record<string, string> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  woff2: "font/woff2",
};

/**
 * Bundles the islands and reads the static files. esbuild runs inside Deno, so that no run
 * permission is needed; it is fetched into Deno's cache by the first bundle.
 * @param islands names of the files in islands/
 * @throws Error where an island does not bundle
 */
export async function makeAssets(islands: readonly string[]): Promise<Assets> {
  const assets = new Map<string, Asset>();
  const digests = new Map<string, string>();
  const add = (name: string, bytes: Uint8Array<ArrayBuffer>) => {
    const type = types[name.slice(name.lastIndexOf(".") + 1)] ?? "application/octet-stream";
    assets.set(name, { bytes, gzip: new Uint8Array(gzipSync(bytes, { level: 9 })), type });
    digests.set(name, sha256(bytes).slice(0, 12));
  };
  for (const files of await bundleAll(islands)) {
    for (const [name, bytes] of files) add(name, bytes);
  }
  const styles: Uint8Array<ArrayBuffer>[] = [];
  const files = [...Deno.readDirSync(join(here, "static"))].map((f) => f.name).sort();
  for (const name of files) {
    const bytes = await Deno.readFile(join(here, "static", name));
    if (name.endsWith(".css")) styles.push(bytes);
    else add(name, bytes);
  }
  add("inter.woff2", await Deno.readFile(createRequire(import.meta.url).resolve(FONT)));
  add("app.css", new Uint8Array(await new Blob(styles).arrayBuffer()));
  return {
    get: (name) => assets.get(name),
    url: (name) => addressOf(`/static/${name}?v=${digests.get(name) ?? ""}`),
    names: () => [...assets.keys()],
    scripts: (island) => [...reached(`${island}.js`, assets)],
  };
}

/** A script and whatever it imports at once. */
function reached(name: string, assets: Map<string, Asset>, found = new Set<string>()): Set<string> {
  const asset = assets.get(name);
  if (!asset || found.has(name)) return found;
  found.add(name);
  const code = new TextDecoder().decode(asset.bytes);
  // As esbuild writes static imports: from"./chunk-ABC.js", import"./chunk-ABC.js".
  for (const [, next] of code.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) {
    reached(next!, assets, found); // the group is in every match
  }
  return found;
}

/**
 * The first island before the others: Deno fetches esbuild into its cache when something is bundled
 * for the first time, and bundles that begin meanwhile run what is half written. Other processes of
 * this checkout wait for the lock.
 */
async function bundleAll(islands: readonly string[]): Promise<Bundled[]> {
  const [first, ...rest] = islands;
  if (first === undefined) return [];
  using file = await Deno.open(join(here, "static", "favicon.svg"));
  // Some network file systems lock only files that are open for writing; there this process alone
  // takes turns.
  await file.lock(true).catch(() => {});
  const bundled = await bundle(first);
  await file.unlock().catch(() => {});
  return [bundled, ...await Promise.all(rest.map(bundle))];
}

/** Files by name. */
type Bundled = [string, Uint8Array<ArrayBuffer>][];

/**
 * Each island by itself: with parts shared between pages every page would load more. What an island
 * imports when it is needed (`import()`) becomes a file of its own, named by its digest.
 */
async function bundle(island: string): Promise<Bundled> {
  const { success, errors, outputFiles = [] } = await Deno.bundle({
    entrypoints: [join(here, "islands", `${island}.tsx`)],
    outputDir: join(here, "static"), // in name only: nothing is written
    platform: "browser",
    codeSplitting: true,
    minify: true,
    write: false,
  }).catch((cause) => {
    throw new Error(
      `Cannot bundle the dashboard's "${island}" island: esbuild did not start (${
        messageOf(cause)
      }). ` +
        `The first start fetches it from npm, which needs the network; where that was cut off, ` +
        `remove the folder "dl" in Deno's cache ("deno info" shows where that is), and start again`,
      { cause },
    );
  });
  if (!success) {
    const reasons = errors.map(({ text }) => text).join("; ");
    throw new Error(`Cannot bundle the dashboard's "${island}" island: ${reasons}`);
  }
  return outputFiles.map((file) => {
    if (!file.contents) throw new Error(`Cannot bundle the dashboard's islands: no ${file.path}`);
    return [basename(file.path), new Uint8Array(file.contents)];
  });
}
