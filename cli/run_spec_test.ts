import assert from "node:assert/strict";
import { decidingConfig, flatConfig, type RunSpec } from "./run_spec.ts";

/** A specification with what these functions read. */
function specWith(channels: number, imageChannels: 1 | 3): RunSpec {
  const spec = {
    run: { gamma: 2, images: 100 },
    options: { sr: { channels } },
    data: { source: "a", fit: "cover", background: "#fff", channels: imageChannels, heldOut: 0.05 },
    machine: { backend: "auto", threads: 0 },
  };
  return spec as unknown as RunSpec; // the rest is not read
}

Deno.test("a plugin's option and the data's own of the same name are told apart", () => {
  const { channels, imageChannels } = flatConfig(specWith(24, 3));
  assert.deepEqual([channels, imageChannels], [24, 3]);
  assert.notDeepEqual(decidingConfig(specWith(24, 3)), decidingConfig(specWith(32, 3)));
  assert.notDeepEqual(decidingConfig(specWith(24, 3)), decidingConfig(specWith(24, 1)));
});

Deno.test("decidingConfig() leaves out what changes no result", () => {
  const deciding = decidingConfig(specWith(24, 3));
  assert.deepEqual(["images", "source", "backend", "threads"].filter((key) => key in deciding), []);
});
