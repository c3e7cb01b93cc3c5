import assert from "node:assert/strict";
import { sampleDiversity } from "../../../core/mod.ts";
import { blankRate, inkRatio, latentDiversity, touchRate } from "./ink.ts";

const side = 8, options = { resolution: side };

/** A raster with ink at the given [x, y]. */
function raster(...ink: [number, number][]): Float32Array {
  const out = new Float32Array(side * side).fill(-1);
  for (const [x, y] of ink) out[y * side + x] = 1;
  return out;
}

function stack(...rasters: Float32Array[]): Float32Array {
  return Float32Array.from(rasters.flatMap((one) => [...one]));
}

Deno.test("touchRate() counts parts within the distance, measured as the crow flies", () => {
  const partials = stack(raster([2, 2]), raster([2, 2]), raster([2, 2]), raster([2, 2]));
  const parts = stack(raster([2, 2], [7, 7]), raster([5, 2]), raster([4, 4]), raster());
  const rate = (distance: number) => touchRate(partials, parts, { ...options, distance });
  assert.deepEqual(rate(0), { rate: 1 / 4, counted: 4 });
  assert.equal(rate(2.5).rate, 1 / 4); // the distance of (4, 4) is √8
  assert.equal(rate(2.9).rate, 2 / 4);
  assert.equal(rate(3).rate, 3 / 4);
});

Deno.test("touchRate() doesn't reach round the edge, and leaves out blank partials", () => {
  const partials = stack(raster([0, 3]), raster());
  const parts = stack(raster([7, 2]), raster([1, 1])); // (7, 2) precedes (0, 3) in memory
  const rate = touchRate(partials, parts, { ...options, distance: 1 });
  assert.deepEqual(rate, { rate: 0, counted: 1 });
});

Deno.test("blankRate() counts parts without ink, whatever they belong to", () => {
  assert.equal(
    blankRate(stack(raster(), raster([1, 1]), raster(), raster([0, 0])), options),
    1 / 2,
  );
});

Deno.test("inkRatio() compares mean ink, half-tones too", () => {
  const grey = raster([1, 1]);
  grey[0] = 0; // half ink
  const { ratio, generated, real } = inkRatio(grey, stack(raster([1, 1]), raster()), options);
  assert.ok(Math.abs(generated - 1.5 / 64) < 1e-12 && Math.abs(real - 0.5 / 64) < 1e-12);
  assert.ok(Math.abs(ratio - 3) < 1e-12);
  assert.throws(() => inkRatio(grey, raster(), options), /received blank ones/);
});

Deno.test("latentDiversity() is the mean over conditions, 0 where the latent is ignored", () => {
  const same = stack(raster([1, 1]), raster([1, 1]));
  const differing = stack(raster([1, 1]), raster([5, 5])); // two pixels differ by 2
  const one = Math.sqrt(2 * 4 / 64);
  assert.equal(latentDiversity(same, { ...options, latents: 2 }), 0);
  const both = latentDiversity(stack(same, differing), { ...options, latents: 2 });
  assert.ok(Math.abs(both - one / 2) < 1e-12);
  // Of four rasters of one condition, three are equal: 3 of 6 pairs differ.
  const four = latentDiversity(stack(same, differing), { ...options, latents: 4 });
  assert.ok(Math.abs(four - one / 2) < 1e-12);
  assert.throws(() => latentDiversity(same, { ...options, latents: 3 }), /3 rasters a condition/);
});

Deno.test("sketch figures name rasters of another size", () => {
  const wrong = new Float32Array(65);
  assert.throws(() => touchRate(wrong, wrong, { ...options, distance: 1 }), /received 65 values/);
  assert.throws(
    () => touchRate(raster(), stack(raster(), raster()), { ...options, distance: 1 }),
    /2 parts/,
  );
  assert.throws(() => inkRatio(new Float32Array(0), raster(), options), /received 0 values/);
});

Deno.test("sampleDiversity() is the mean pairwise distance, the same at each resolution", () => {
  // Three samples that differ by 3, 4 and 1 in every value: (3 + 4 + 1) / 3.
  for (const length of [1, 12]) {
    const samples = Float32Array.from(
      { length: 3 * length },
      (_, i) => [0, 3, 4][Math.floor(i / length)]!,
    );
    assert.ok(Math.abs(sampleDiversity(samples, 3) - 8 / 3) < 1e-6);
  }
  assert.equal(sampleDiversity(new Float32Array(8).fill(0.5), 2), 0);
  assert.ok(Number.isNaN(sampleDiversity(Float32Array.of(1, NaN), 2)));
  assert.throws(() => sampleDiversity(new Float32Array(8), 1), /two or more samples/);
  assert.throws(() => sampleDiversity(new Float32Array(8), 3), /8 values for 3 samples/);
});
