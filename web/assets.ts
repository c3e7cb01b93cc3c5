/** Scripts and styles, made once at start: islands by `Deno.bundle`, style sheets joined. */
import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

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
}

const here = fileURLToPath(new URL(".", import.meta.url));
const types: Record<string, string> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
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
  const add = async (name: string, bytes: Uint8Array<ArrayBuffer>) => {
    const type = types[name.slice(name.lastIndexOf(".") + 1)] ?? "application/octet-stream";
    assets.set(name, { bytes, gzip: await gzip(bytes), type });
    digests.set(name, createHash("sha256").update(bytes).digest("hex").slice(0, 12));
  };
  for (const [name, bytes] of await bundle(islands)) await add(name, bytes);
  const styles: Uint8Array<ArrayBuffer>[] = [];
  const files = [...Deno.readDirSync(join(here, "static"))].map((f) => f.name).sort();
  for (const name of files) {
    const bytes = await Deno.readFile(join(here, "static", name));
    if (name.endsWith(".css")) styles.push(bytes);
    else await add(name, bytes);
  }
  await add("app.css", new Uint8Array(await new Blob(styles).arrayBuffer()));
  return {
    get: (name) => assets.get(name),
    url: (name) => `/static/${name}?v=${digests.get(name) ?? ""}`,
    names: () => [...assets.keys()],
  };
}

async function bundle(islands: readonly string[]): Promise<[string, Uint8Array<ArrayBuffer>][]> {
  if (islands.length === 0) return [];
  const { success, errors, outputFiles = [] } = await Deno.bundle({
    entrypoints: islands.map((name) => join(here, "islands", `${name}.tsx`)),
    outputDir: join(here, "static"), // in name only: nothing is written
    platform: "browser",
    codeSplitting: true,
    minify: true,
    write: false,
  });
  if (!success) {
    const reasons = errors.map(({ text }) => text).join("; ");
    throw new Error(`Cannot bundle the dashboard's islands: ${reasons}`);
  }
  return outputFiles.map((file) => {
    if (!file.contents) throw new Error(`Cannot bundle the dashboard's islands: no ${file.path}`);
    return [basename(file.path), new Uint8Array(file.contents)];
  });
}

async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
