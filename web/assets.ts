/** Scripts and styles, built once at start: islands by `Deno.bundle`, style sheets concatenated. */
import { bundleForBrowser } from "../core/bundle_for_browser.ts";
import { sha256 } from "../core/sha256.ts";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
// Makes the font's package a dependency; its files are read from Deno's cache.
import "@fontsource-variable/inter/package.json" with { type: "json" };
import { addressOf } from "./lib/address.ts";

/** The page's typeface: Inter by Rasmus Andersson, SIL Open Font License 1.1. */
const FONT = "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2";

/** A file as it is served. */
export interface Asset {
  bytes: Uint8Array<ArrayBuffer>;
  gzip: Uint8Array<ArrayBuffer>;
  type: string;
}

/** All served files by name, held in memory. */
export interface Assets {
  get(name: string): Asset | undefined;
  /** The URL of a file, including its hash, so that it may be cached forever. */
  url(name: string): string;
  names(): string[];
  /**
   * Scripts that an island needs at once, itself first; scripts that it loads later are not
   * included.
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
 * Bundles the islands and reads the static files.
 * @param islands file names in islands/
 * @throws Error where an island cannot be bundled
 */
export async function makeAssets(islands: readonly string[]): Promise<Assets> {
  const assets = new Map<string, Asset>();
  const digests = new Map<string, string>();
  const add = (name: string, bytes: Uint8Array<ArrayBuffer>) => {
    const type = types[name.slice(name.lastIndexOf(".") + 1)] ?? "application/octet-stream";
    assets.set(name, { bytes, gzip: new Uint8Array(gzipSync(bytes, { level: 9 })), type });
    digests.set(name, sha256(bytes).slice(0, 12));
  };
  // Bundled separately: with shared chunks, every page would load more.
  const bundles = islands.map((island) => ({
    what: `the dashboard's "${island}" island`,
    entrypoints: [join(here, "islands", `${island}.tsx`)],
    outputDir: join(here, "static"),
  }));
  for (const [name, bytes] of (await bundleForBrowser(bundles)).flat()) add(name, bytes);
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

/** A script and everything that it imports statically. */
function reached(name: string, assets: Map<string, Asset>, found = new Set<string>()): Set<string> {
  const asset = assets.get(name);
  if (!asset || found.has(name)) return found;
  found.add(name);
  const code = new TextDecoder().decode(asset.bytes);
  // esbuild writes static imports as from"./chunk-ABC.js" or import"./chunk-ABC.js".
  for (const [, next] of code.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) {
    reached(next!, assets, found); // every match has this group
  }
  return found;
}
