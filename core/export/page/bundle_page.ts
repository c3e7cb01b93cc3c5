/** The files of a page besides the generator's own: scripts, styles, WebAssembly. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleForBrowser } from "../../bundle_for_browser.ts";

const here = fileURLToPath(new URL(".", import.meta.url));

/** Files that are copied, and their names in the page's folder. */
const STATIC = {
  "page.html": "index.html",
  "page.css": "page.css",
  "generator.d.ts": "generator.d.ts",
};

/**
 * Bundles the page's scripts.
 * @returns files by name
 * @throws Error if bundling fails
 */
export async function pageFiles(): Promise<Record<string, Uint8Array<ArrayBuffer>>> {
  const files: Record<string, Uint8Array<ArrayBuffer>> = {};
  for (const [from, to] of Object.entries(STATIC)) {
    files[to] = await Deno.readFile(join(here, from));
  }
  const scripts = await bundleForBrowser([{
    what: "the page",
    entrypoints: ["page.ts", "generator.ts"].map((name) => join(here, name)),
    outputDir: here,
  }]);
  for (const [name, bytes] of scripts.flat()) {
    // Deno finds the types through this comment; TypeScript finds them beside the script.
    const head = name === "generator.js" ? '/* @ts-self-types="./generator.d.ts" */\n' : "";
    files[name] = new Uint8Array(await new Blob([head, bytes]).arrayBuffer());
  }
  const code = fileURLToPath(import.meta.resolve("@tensorflow/tfjs-backend-wasm"));
  for await (const { name } of Deno.readDir(dirname(code))) {
    if (name.endsWith(".wasm")) files[name] = await Deno.readFile(join(dirname(code), name));
  }
  return files;
}
