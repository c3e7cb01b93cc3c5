import assert from "node:assert/strict";
import { compareForResume, type ResumeFacts } from "./compare.ts";
import { contents } from "./test_data.ts";

Deno.test(
  "compareForResume() finds nothing between equal facts, whatever the order of " +
    "keys",
  () => {
    const a = contents(8).meta, b = contents(16).meta;
    a.config = { x: 1, y: { p: [1], q: {} } };
    b.config = { y: { q: {}, p: [1] }, x: 1 };
    assert.deepEqual(compareForResume(a, b), []);
  },
);

Deno.test("compareForResume() names each difference and how grave it is", () => {
  const cases: [(now: ResumeFacts) => void, string, "refuse" | "force" | "inexact"][] = [
    [(now) => now.plugins = ["progan"], "plugins.0", "refuse"],
    [(now) => now.plugins = ["stylegan", "ada"], "plugins", "force"],
    [(now) => now.seed = 2, "seed", "force"],
    [(now) => now.dataset = { name: "emoji", digest: "e", count: 3 }, "dataset.digest", "force"],
    [(now) => now.phases = [], "phases", "force"],
    [(now) => now.config = { ...now.config, gamma: 9 }, "config.gamma", "force"],
    [(now) => now.config = { ...now.config, extra: 0 }, "config.extra", "force"],
    [(now) => now.config = { gamma: 10, nested: { list: [2, 1] } }, "config.nested.list", "force"],
    [(now) => now.fingerprint = { library: "other" }, "fingerprint.library", "inexact"],
    [
      (now) => now.fingerprint = { library: "test", threads: "2" },
      "fingerprint.threads",
      "inexact",
    ],
    [
      (now) => now.fingerprint = { library: "test", workers: "2" },
      "fingerprint.workers",
      "inexact",
    ],
    [(now) => now.versions = { cambium: "0.0.9" }, "versions.cambium", "refuse"],
    [(now) => now.versions = { cambium: "0.10.0" }, "versions.cambium", "inexact"],
    [(now) => now.versions = { cambium: "0.1.0", deno: "2" }, "versions.deno", "inexact"],
  ];
  for (const [change, field, severity] of cases) {
    const now = contents(8).meta;
    change(now);
    const found = compareForResume(contents(8).meta, now);
    assert.deepEqual(found.map((d) => [d.field, d.severity]), [[field, severity]]);
  }
});

Deno.test("compareForResume() puts the gravest first, with both values", () => {
  const now = contents(8).meta;
  now.fingerprint = { library: "other" };
  now.seed = 7;
  now.plugins = ["sketch"];
  assert.deepEqual(compareForResume(contents(8).meta, now), [
    { field: "plugins.0", saved: "stylegan", now: "sketch", severity: "refuse" },
    { field: "seed", saved: 1, now: 7, severity: "force" },
    { field: "fingerprint.library", saved: "test", now: "other", severity: "inexact" },
  ]);
});

Deno.test("compareForResume() refuses what a newer release wrote, to its last number", () => {
  const written = (cambium: string): ResumeFacts => ({
    ...contents(64).meta,
    versions: { cambium },
  });
  const severity = (saved: string, now: string) =>
    compareForResume(written(saved), written(now)).map((difference) => difference.severity);
  assert.deepEqual(severity("0.1.10", "0.1.9"), ["refuse"]);
  assert.deepEqual(severity("0.1.9", "0.1.10"), ["inexact"]);
});
