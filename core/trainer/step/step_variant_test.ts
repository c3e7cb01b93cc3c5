import assert from "node:assert/strict";
import { resolveConfig, type RunConfig, runSchema } from "../../config/mod.ts";
import { weightLimit } from "./step_variant.ts";

Deno.test("weights are clipped by a loss that clips them, and by no other, whatever a file says", () => {
  const limit = (loss: string, file: Record<string, unknown> = {}) => {
    const [run] = resolveConfig([runSchema], [
      { from: "gan.json", values: { loss: "wgan_clipped", ...file } },
      { from: "the command line", values: { loss } },
    ]);
    return weightLimit(run as RunConfig);
  };
  assert.deepEqual([limit("wgan_clipped"), limit("wgan_clipped", { clip: 0.05 })], [0.01, 0.05]);
  assert.deepEqual([limit("hinge"), limit("hinge", { clip: 0.05 })], [undefined, undefined]);
});
