import assert from "node:assert/strict";
import { makeAssets } from "./assets.ts";
import { islands } from "./manifest.ts";

/**
 * The most that a page may load, bytes of gzip: until it is hydrated, and including what it loads
 * later.
 */
const MOST = { wake: 26_000, whole: 32_000 };

Deno.test("no page loads more than 26 kB of script to wake, and 32 kB in all", async () => {
  const assets = await makeAssets(islands);
  const bytes = (names: readonly string[]) =>
    names.reduce((sum, name) => sum + assets.get(name)!.gzip.length, 0); // each name is an asset
  for (const island of islands) {
    const scripts = assets.scripts(island);
    assert.equal(scripts[0], `${island}.js`);
    const size = bytes([...scripts, "theme.js"]);
    assert.ok(size <= MOST.wake, `"${island}" loads ${size} bytes: ${scripts.join(", ")}`);
  }
  const later = assets.names().filter((name) => name.startsWith("run_parts-"));
  assert.equal(later.length, 1, "parts of a run's page are one file, fetched when they are near");
  assert.ok(!assets.scripts("run").includes(later[0]!), "and not before");
  const whole = bytes([...assets.scripts("run"), ...later, "theme.js"]);
  assert.ok(whole <= MOST.whole, `a run's page loads ${whole} bytes`);
});

Deno.test(
  "nothing is bundled beside the first island: bundles that began together broke " +
    "esbuild's download",
  async () => {
    const bundle = Deno.bundle;
    let begun = 0;
    Deno.bundle = async (options) => {
      const isFirst = ++begun === 1;
      const result = await bundle(options);
      if (isFirst) assert.equal(begun, 1);
      return result;
    };
    try {
      await makeAssets(islands);
    } finally {
      Deno.bundle = bundle;
    }
    assert.equal(begun, islands.length);
  },
);

Deno.test("where esbuild does not start, the message says what to do", async () => {
  const bundle = Deno.bundle;
  Deno.bundle = () => Promise.reject(new Error("failed to start esbuild"));
  try {
    await assert.rejects(makeAssets(islands), /failed to start esbuild.*needs the network.*"dl"/);
  } finally {
    Deno.bundle = bundle;
  }
});
