/**
 * Runs `deno doc --lint` over what the project exports, and drops the findings that we cannot or
 * need not fix: `deno task doc-lint`.
 *
 * Three kinds are dropped. core re-exports all of tfjs, so deno doc also reports some 1,000 exports
 * inside npm packages. A type that is used by an exported one is reached through it, and need not
 * be exported from `cambium`. And a field with a self-explanatory name needs no comment.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

/**
 * Entry points that are imported by name: the package's two exports, the data sets, the dashboard,
 * and the registry's plugins.
 */
const ENTRIES = [
  ...[
    "core/mod.ts",
    "core/engine.ts",
    "core/testing/mod.ts",
    "datasets/mod.ts",
    "web/main.ts",
    "plugins/registry.ts",
  ],
  ...registered(),
];

/** Exports whose types are inferred; explicit types would repeat each of their fields. */
const INFERRED = /^export (const (runSchema|tinyModel) =|default definePlugin\()/;
/** Plugins and namespaces are documented by the comment at the top of their files. */
const TOLD_BY_FILE = /^export (default definePlugin\(|\* as )/;

/** Indented lines are inside of something exported. */
const IS_FIELD = /^\s/;
/** The findings, and how many more were in npm packages. */
export interface DocFindings {
  /** One line each: the place, and what is missing. */
  ours: string[];
  foreign: number;
}

/** Lints the documentation of {@linkcode ENTRIES} and everything that they export. */
export async function lintDocs(): Promise<DocFindings> {
  const { stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--lint", ...ENTRIES],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdout: "null",
  }).output();
  const findings: DocFindings = { ours: [], foreign: 0 };
  for (const text of new TextDecoder().decode(stderr).split(/\n(?=error\[)/)) {
    const place = /--> (.*?):(\d+):\d+/.exec(text), kind = /^error\[([a-z-]+)\]: (.*)/.exec(text);
    if (!place || !kind) continue; // not a finding
    const [, path = "", line = ""] = place, [, code, message] = kind;
    if (code === "private-type-ref") continue;
    if (!path.startsWith(ROOT)) {
      findings.foreign++;
      continue;
    }
    const source = (await Deno.readTextFile(path)).split("\n")[Number(line) - 1] ?? "";
    if (code === "missing-explicit-type" && INFERRED.test(source)) continue;
    if (code === "missing-jsdoc" && (TOLD_BY_FILE.test(source) || IS_FIELD.test(source))) continue;
    findings.ours.push(`${path.slice(ROOT.length)}:${line} ${message}`);
  }
  return findings;
}

/** Files of the shipped plugins. */
function registered(): string[] {
  const text = Deno.readTextFileSync(join(ROOT, "plugins", "registry.ts"));
  return [...text.matchAll(/import\("\.\/(.*?)"\)/g)].map(([, path]) => `plugins/${path}`);
}

if (import.meta.main) {
  const { ours, foreign } = await lintDocs();
  for (const finding of ours) console.error(finding);
  console.log(`${ours.length} findings, and ${foreign} in npm packages`);
  Deno.exit(ours.length > 0 ? 1 : 0);
}
