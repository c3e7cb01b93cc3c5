/** Imports go in one direction only; see each folder's row. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const root = new URL("../", import.meta.url);

/** A module of `deno info --json`. */
interface Module {
  specifier: string;
  dependencies?: {
    specifier: string;
    /** The imported code; absent if only types are imported. */
    code?: { specifier?: string };
    type?: { specifier?: string };
  }[];
}

/** What each of the modules and their dependencies imports; paths are relative to the root. */
async function importsOf(paths: string[]): Promise<Map<string, { path: string; code: boolean }[]>> {
  // a single module that imports all, so that one graph covers everything
  const entry = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    const lines = paths.map((path) => `import ${JSON.stringify(new URL(path, root).href)};\n`);
    await Deno.writeTextFile(entry, lines.join(""));
    const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", "--config", fileURLToPath(new URL("deno.json", root)), entry],
    }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
    // the format of `deno info --json`
    const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as { modules: Module[] };
    return new Map(modules.map(({ specifier, dependencies = [] }) => [
      below(specifier) ?? specifier,
      dependencies.map((d) => {
        const target = d.code?.specifier ?? d.type?.specifier ?? d.specifier;
        return { path: below(target) ?? target, code: d.code !== undefined };
      }),
    ]));
  } finally {
    await Deno.remove(entry);
  }
}

function below(specifier: string): string | undefined {
  return specifier.startsWith(root.href) ? specifier.slice(root.href.length) : undefined;
}

/** All modules of the shipped folders, by path; tests and benchmarks may import across. */
async function* sources(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder + "/", root))) {
    const path = `${folder}/${name}`;
    if (isDirectory) {
      if (!["bench", "testdata", "static", "templates"].includes(name)) yield* sources(path);
    } else if (/\.tsx?$/.test(name) && !/(_test|_bench)\.tsx?$|\/test_/.test(path)) yield path;
  }
}

const isNpm = (path: string) => /^(npm|node):/.test(path);
const within = (...folders: string[]) => (path: string) =>
  folders.some((folder) => path.startsWith(folder + "/"));

/**
 * What the rest of core may import from `core/run`: folders of independent parts that know no layer
 * above them.
 */
const RUN_PARTS = ["folder", "store", "observers", "tensorboard"].map((part) => `core/run/${part}`);

/**
 * The layer on top of core: what a run consists of, and how it is started, resumed, opened, drawn
 * from and measured.
 */
const isRunLayer = (path: string) =>
  path === "core/engine.ts" ||
  (within("core/run")(path) && !within(...RUN_PARTS)(path) && path !== "core/run/mod.ts");

/**
 * The API for plugins: only they import it, and the packages built from it, which cannot do
 * otherwise.
 */
const API = "core/mod.ts";
const usesApi = (path: string) =>
  within("plugins")(path) || path === "core/run/plugins/load_plugin.ts";

/** Whether `from` may import `to`. */
function allowed(from: string, to: string, code: boolean): boolean {
  if (isNpm(to) || to === "deno.json") return true;
  if (to === API && !usesApi(from)) return false;
  const [top, part] = from.split("/") as [string, string]; // a folder and a path inside it
  switch (top) {
    case "core":
      if (isRunLayer(from)) return within("core", "datasets")(to) || to === "plugins/registry.ts";
      return within("core")(to) && !isRunLayer(to);
    case "datasets":
      return within("core", "datasets")(to) && !isRunLayer(to);
    case "plugins":
      if (part === "registry.ts") return within("plugins")(to) || to === API;
      // a program, not a plugin
      if (from === "plugins/examples/program.ts") return to === "core/engine.ts";
      return to === API || within(`plugins/${part}`)(to) || to === `plugins/${part}`;
    case "cli":
      // The command line runs the benchmarks.
      return within("core", "datasets", "cli", "tests/bench")(to) ||
        to === "plugins/registry.ts";
    case "web":
      if (part === "islands" && code) {
        // What runs in the browser: islands, and the modules of the dashboard that they share with
        // the server.
        return within("web")(to);
      }
      return within("core", "datasets", "web")(to) || to === "plugins/registry.ts";
    default:
      return false;
  }
}

Deno.test(
  "core, datasets, plugins, the command line and the dashboard import one way " +
    "only",
  async () => {
    const entries: string[] = [];
    for (const folder of ["core", "datasets", "plugins", "cli", "web"]) {
      for await (const path of sources(folder)) entries.push(path);
    }
    const found = await importsOf(entries);
    const wrong: string[] = [];
    for (const path of entries) {
      const imports = found.get(path);
      assert.ok(imports, `${path} is not in the graph`);
      for (const { path: to, code } of imports) {
        if (!allowed(path, to, code)) wrong.push(`${path} imports ${to}`);
      }
    }
    assert.deepEqual(wrong, []);
  },
);

Deno.test("islands run no code of core in the browser", async () => {
  const islands: string[] = [];
  for await (const path of sources("web/islands")) islands.push(path);
  const found = await importsOf(islands);
  const wrong: string[] = [], seen = new Set(islands), queue = [...islands];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    for (const { path: to, code } of found.get(path) ?? []) {
      if (!code || seen.has(to)) continue;
      seen.add(to);
      const ours = within("web")(to) || /^npm:\/?(preact)[@/]/.test(to);
      if (ours) queue.push(to);
      else wrong.push(`${path} imports ${to}`);
    }
  }
  assert.deepEqual(wrong, []);
});

Deno.test("no imports go in a circle, be it by types alone", async () => {
  const folders = ["core", "datasets", "plugins", "cli", "web"];
  const paths: string[] = [];
  for (const folder of folders) {
    for await (const path of sources(folder)) paths.push(path);
  }
  const graph = await importsOf(paths);
  assert.deepEqual(circleIn(graph), []);
  assert.deepEqual(
    circleIn(new Map([["a", [{ path: "b", code: true }]], ["b", [{ path: "a", code: false }]]])),
    ["a", "b", "a"],
  );
});

/**
 * The first cycle that a depth-first search finds, with its first file repeated at the end; empty
 * if there is none.
 */
function circleIn(graph: ReadonlyMap<string, readonly { path: string }[]>): string[] {
  const finished = new Set<string>(), trail: string[] = [];
  function visit(path: string): string[] {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (finished.has(path) || isNpm(path)) return [];
    trail.push(path);
    for (const next of graph.get(path) ?? []) {
      const circle = visit(next.path);
      if (circle.length > 0) return circle;
    }
    finished.add(trail.pop()!); // it was pushed above
    return [];
  }
  for (const path of graph.keys()) {
    const circle = visit(path);
    if (circle.length > 0) return circle;
  }
  return [];
}
