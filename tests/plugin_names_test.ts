/**
 * Core knows no plugin: its code contains no name of a shipped plugin, and no chart that one
 * declares.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const CORE = fileURLToPath(new URL("../core", import.meta.url));

/**
 * Where sketches are still known: as a kind of data with its own tensors, in its files, and in
 * Explore's forms.
 */
const SKETCHES =
  /^(sketches\/|mod\.ts|data\.ts|plugin\/(plugin|step|explore)\.ts|explore\/protocol\.ts|testing\/workbench\.ts|run\/)/;

/** The folder of pictures that were projected into a run, which has this name on disk. */
const PICTURES = /^run\/latent\/projection_file\.ts$/;

/** The run layer: its default plugin, and examples in its messages. */
const RUN_LAYER = /^run\/(load_plugins|start_run|measure\/measure_run)\.ts$/;

/** Removes comments, which may name models and papers. */
function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/(^|[\s;{}(),])\/\/[^\n]*/g, "$1");
}

async function* codeOf(folder: string, below = ""): AsyncGenerator<{ path: string; code: string }> {
  for await (const { name, isDirectory } of Deno.readDir(join(folder, below))) {
    const path = below === "" ? name : `${below}/${name}`;
    if (isDirectory) {
      if (name !== "testdata") yield* codeOf(folder, path);
    } else if (name.endsWith(".ts") && !/_test\.ts$|(^|\/)test_/.test(path)) {
      yield { path, code: withoutComments(await Deno.readTextFile(join(folder, path))) };
    }
  }
}

/**
 * Names of shipped plugins, as typed and as identifiers, and the charts that they declare as
 * watched.
 */
async function wordsOfPlugins(): Promise<string[]> {
  const plugins = fileURLToPath(new URL("../plugins", import.meta.url));
  const registry = await Deno.readTextFile(join(plugins, "registry.ts"));
  const files = [...registry.matchAll(/import\("\.\/(.*?)"\)/g)].map(([, path]) => path!);
  const words = new Set<string>();
  for (const file of files) {
    const text = await Deno.readTextFile(join(plugins, file));
    const name = /name: "([a-z0-9-]+)"/.exec(text)?.[1];
    assert.ok(name, `no name in ${file}`);
    words.add(name).add(name.replaceAll("-", "_"));
    for (const [, list] of text.matchAll(/watches: \{(.*?)\}/gs)) {
      for (const [, chart] of list!.matchAll(/"([^"]+)"/g)) words.add(chart!);
    }
  }
  assert.ok(words.has("gradient_norm/generator"));
  // The trainer's own charts of grids, which a plugin with its own grid continues; one is also an
  // add-on's name.
  for (const own of ["diversity", "diversity/reals"]) words.delete(own);
  return [...words];
}

Deno.test("core's code names no plugin that ships, and no chart of one", async () => {
  const words = await wordsOfPlugins();
  const found: string[] = [];
  for await (const { path, code } of codeOf(CORE)) {
    for (const word of words) {
      if (RUN_LAYER.test(path)) continue;
      if (word === "sketch" && SKETCHES.test(path)) continue;
      if (word === "projected" && PICTURES.test(path)) continue;
      // Matches whole strings, or components of a chart's name or a path, because some names are
      // ordinary English words.
      const whole = new RegExp(`(?<=["'\`/])${word}(?=["'\`/])`);
      if (whole.test(code)) found.push(`${path} says "${word}"`);
    }
    if (/["'.]sketches?["']/.test(code) && !SKETCHES.test(path)) {
      found.push(`${path} knows sketches`);
    }
  }
  assert.deepEqual(found, []);
});
