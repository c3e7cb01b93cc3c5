import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { resolveConfig, type RunConfig, runSchema } from "../config/mod.ts";
import type { StepContext } from "../plugin/step.ts";
import { seedFor, withSeed } from "../random.ts";
import { adversarialTerms } from "./adversarial_terms.ts";

await tf.setBackend("cpu");

/** The penalty of a discriminator that scores an image by its mean. */
function penaltyOf(values: Record<string, unknown>, resolution: number): number {
  const [run] = resolveConfig([runSchema], [{ from: "the test", values }]);
  const terms = adversarialTerms({
    run: run as RunConfig,
    phase: { start: 0 },
    span: { start: 0, end: 1 },
    augment: (images) => images,
  }, {
    real: () => tf.ones([2, resolution, resolution, 1]),
    fake: () => tf.zeros([2, resolution, resolution, 1]),
    score: (images) => tf.mean(images, [1, 2]),
  });
  const step = {
    size: 2,
    resolution,
    shared: (_key: string, make: () => unknown) => make(),
    report() {},
  } as unknown as StepContext; // what the term reads
  return withSeed(seedFor(0, "penalty"), () => terms.at(-1)!.value(step).dataSync()[0]!);
}

Deno.test(
  "of a discriminator that sees the same at every resolution, R1 falls by four a growth, " +
    "and beyond --gamma-from it stays",
  () => {
    // ∇ is 1 / R² in each of R² pixels: ‖∇‖² = R⁻², and the term γ/2 · R⁻².
    const near = (a: number, b: number) => assert.ok(Math.abs(a / b - 1) < 1e-5, `${a}, not ${b}`);
    for (const r of [4, 8, 16, 32]) near(penaltyOf({ gamma: 3 }, r), 1.5 / r ** 2);
    for (const penalty of ["r1", "r2", "r1_r2"]) {
      const at = (r: number) => penaltyOf({ gamma: 3, gammaFrom: 8, penalty }, r);
      const terms = penalty === "r1_r2" ? 2 : 1;
      near(at(4), terms * 1.5 / 16);
      for (const r of [8, 16, 32]) near(at(r), terms * 1.5 / 64);
    }
  },
);

Deno.test("λ is the same at every resolution, and --gamma-from is refused beside it", () => {
  const values = { penalty: "wgan_gp", lambda: 10, loss: "wgan" };
  // (‖∇‖ - 1)² with ‖∇‖ = 1 / R.
  for (const r of [4, 16]) {
    const value = penaltyOf({ ...values, gammaFrom: 4 }, r);
    assert.ok(Math.abs(value / (10 * (1 / r - 1) ** 2) - 1) < 1e-4, `${value} at ${r} px`);
  }
  assert.throws(
    () =>
      resolveConfig([runSchema], [{
        from: "the command line",
        values: { ...values, gammaFrom: 16 },
      }]),
    /--gamma-from .* no effect with --penalty wgan_gp, expected --penalty r1, r2, r1_r2/,
  );
});
