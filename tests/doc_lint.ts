/**
 * `deno doc --lint` over what the project exports, without the findings that are not ours to mend:
 * `deno task doc-lint`.
 *
 * Three kinds are left out. core exports tfjs whole, so that deno doc also looks at some 1,000
 * exports inside npm packages. A type that an exported one is made of is reached through it, and
 * needs no name in the list of `cambium`. And a field whose name says all needs no comment.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

/**
 * What is imported by name: the package's two exports, the data sets, the dashboard, the registry's
 * plugins.
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

/** Exports whose types are inferred: spelt out, each of their fields would stand there twice. */
const INFERRED = /^export (const (runSchema|tinyModel) =|default definePlugin\()/;
/** A plugin and a namespace are their files: the comments that those begin with tell of them. */
const TOLD_BY_FILE = /^export (default definePlugin\(|\* as )/;

/** What stands inside of something exported. */
const IS_FIELD = /^\s/;
/** What is found, and how many findings were in npm packages. */
export interface DocFindings {
  /** One line each: place, what is missing. */
  ours: string[];
  foreign: number;
}

/** Looks at the documentation of {@linkcode ENTRIES} and all that they export. */
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
    if (!place || !kind) continue; // no finding
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

/** Files of the plugins that ship. */
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
