import assert from "node:assert/strict";
import { makeAssets } from "./assets.ts";
import { islands } from "./manifest.ts";

/** The most that a page may load to wake, bytes of gzip. */
const MOST = 45_000;

Deno.test("no page loads more than 45 kB of script to wake, whatever it shares", async () => {
  const assets = await makeAssets(islands);
  const bytes = (names: readonly string[]) =>
    names.reduce((sum, name) => sum + assets.get(name)!.gzip.length, 0); // each is an asset
  for (const island of islands) {
    const scripts = assets.scripts(island);
    assert.equal(scripts[0], `${island}.js`);
    const size = bytes([...scripts, "theme.js"]);
    assert.ok(size <= MOST, `"${island}" loads ${size} bytes: ${scripts.join(", ")}`);
  }
  const later = assets.names().filter((name) => name.startsWith("run_parts-"));
  assert.equal(later.length, 1, "parts of a run's page are one file, fetched when they are near");
  assert.ok(!assets.scripts("run").includes(later[0]!), "and not before");
});
