/** The files of a page beside the generator's own: scripts, styles, WebAssembly. */
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { messageOf } from "../../text.ts";

const here = fileURLToPath(new URL(".", import.meta.url));

/** Files that go as they are, and their names there. */
const STATIC = {
  "page.html": "index.html",
  "page.css": "page.css",
  "generator.d.ts": "generator.d.ts",
};

/**
 * Bundles the page's scripts; esbuild runs inside Deno and is fetched by the first bundle.
 * @returns files by name
 * @throws Error where it does not bundle
 */
export async function pageFiles(): Promise<Record<string, Uint8Array<ArrayBuffer>>> {
  const files: Record<string, Uint8Array<ArrayBuffer>> = {};
  for (const [from, to] of Object.entries(STATIC)) {
    files[to] = await Deno.readFile(join(here, from));
  }
  for (const [name, bytes] of await scripts()) {
    // Deno takes types from where this comment says, as TypeScript takes them from beside a script.
    const head = name === "generator.js" ? '/* @ts-self-types="./generator.d.ts" */\n' : "";
    files[name] = new Uint8Array(await new Blob([head, bytes]).arrayBuffer());
  }
  const code = fileURLToPath(import.meta.resolve("@tensorflow/tfjs-backend-wasm"));
  for await (const { name } of Deno.readDir(dirname(code))) {
    if (name.endsWith(".wasm")) files[name] = await Deno.readFile(join(dirname(code), name));
  }
  return files;
}

async function scripts(): Promise<[string, Uint8Array<ArrayBuffer>][]> {
  const { success, errors, outputFiles = [] } = await Deno.bundle({
    entrypoints: ["page.ts", "generator.ts"].map((name) => join(here, name)),
    outputDir: here, // in name only: nothing is written
    platform: "browser",
    codeSplitting: true,
    minify: true,
    write: false,
  }).catch((cause) => {
    throw new Error(
      `Cannot bundle the page: esbuild did not start (${messageOf(cause)}). The first start ` +
        `fetches it from npm, which needs the network`,
      { cause },
    );
  });
  if (!success) {
    throw new Error(`Cannot bundle the page: ${errors.map(({ text }) => text).join("; ")}`);
  }
  return outputFiles.map(({ path, contents }) => {
    if (!contents) throw new Error(`Cannot bundle the page: no ${path}`);
    return [basename(path), new Uint8Array(contents)];
  });
}
