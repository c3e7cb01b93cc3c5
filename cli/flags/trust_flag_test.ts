import assert from "node:assert/strict";
import { UntrustedPluginError } from "../../core/run/plugins/trusted_plugins.ts";
import { type Terminal, trustAdvice, trustOf } from "./trust_flag.ts";

const PLUGIN = {
  specifier: "file:///tmp/\x1b[2Jmine.ts",
  from: "runs/00000/config.json\nOK",
  sha256: "0".repeat(64),
  files: 2,
  changed: true,
};

function answers(line: string | null, isTerminal = true) {
  const written: string[] = [];
  const terminal: Terminal = { isTerminal, write: (t) => written.push(t), readLine: () => line };
  const trust = trustOf(undefined, terminal);
  assert.ok(typeof trust === "function");
  return { written, trusted: trust(PLUGIN) };
}

Deno.test("only a yes that somebody types in a terminal trusts a plugin", () => {
  const lines = ["yes", "Y", " yes\r", "no", "", null, "yes, but", "ja"];
  assert.deepEqual(lines.map((line) => answers(line).trusted), [
    ...[true, true, true, false, false, false, false, false],
  ]);
  assert.deepEqual(answers("yes", false), { written: [], trusted: false });
  assert.equal(trustOf(true), true);
});

Deno.test(
  "the question names the plugin, who names it, its digest and that it changed, and " +
    "obeys nothing in them",
  () => {
    const [question] = answers("no").written;
    assert.match(
      question!,
      /config\.json\\x0aOK names .*: file:\/\/\/tmp\/\\x1b\[2Jmine\.ts \(SHA-256 0{64} of 2 files and packages\)/,
    );
    assert.match(question!, /not the code that was trusted before/);
  },
);

Deno.test("a refusal says which words trust the plugin", () => {
  const advice = trustAdvice(new UntrustedPluginError("x"), ["sample", "--run", "my cats"]);
  assert.match(advice ?? "", /deno task sample --run 'my cats' --trust$/);
  assert.equal(trustAdvice(new Error("x"), ["sample"]), undefined);
});
