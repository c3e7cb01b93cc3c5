/**
 * `deno task` downloads every package in deno.lock before it starts anything, so newcomers wait for
 * what is in there.
 */
import assert from "node:assert/strict";

interface Lock {
  npm: Record<string, { dependencies?: string[]; optionalDependencies?: string[] }>;
}

const lock: Lock = JSON.parse(
  await Deno.readTextFile(new URL("../deno.lock", import.meta.url)),
);

/** Packages for a single platform each; only the current platform's are downloaded. */
const FOR_ONE_SYSTEM =
  /^@(esbuild|img)\/.*(linux|darwin|win32|bsd|android|aix|sunos|wasm32|webcon)/;

Deno.test("a first start fetches about sixty-five packages", () => {
  const common = Object.keys(lock.npm).filter((name) => !FOR_ONE_SYSTEM.test(name));
  assert.ok(common.length <= 65, `${common.length} packages:\n${common.join("\n")}`);
});

Deno.test("of tfjs only its core, what has the gradients, and the backends are fetched", () => {
  const names = Object.keys(lock.npm).filter((name) => name.startsWith("@tensorflow/"));
  assert.deepEqual(names.map((name) => name.slice("@tensorflow/".length).split("@")[0]).sort(), [
    ...["tfjs-backend-cpu", "tfjs-backend-wasm", "tfjs-backend-webgpu"],
    ...["tfjs-core", "tfjs-layers", "tfjs-node-gpu"],
  ]);
});

// Its installer's packages would be 100 more. If this fails after a change of deno.json, Deno has
// resolved the package anew: give its entry in deno.lock these two dependencies again, and remove
// the entries that nothing else names.
Deno.test("tfjs-node-gpu brings what its kernels load, and nothing of its installer", () => {
  const [entry] = Object.entries(lock.npm).filter(([name]) => name.includes("tfjs-node-gpu"));
  assert.deepEqual(entry?.[1].dependencies, [
    "@tensorflow/tfjs@npm:@tensorflow/tfjs-core@4.22.0",
    "google-protobuf",
  ]);
});
