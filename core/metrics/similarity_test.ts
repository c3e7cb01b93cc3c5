import assert from "node:assert/strict";
import { msSsim, msSsimOfPairs } from "./ms_ssim.ts";
import { psnr } from "./psnr.ts";
import { ssim } from "./ssim.ts";
import expected from "./testdata/expected.json" with { type: "json" };
import { pattern } from "./testdata/pattern.ts";

const { height, width, cases } = expected.similarity;
const shape = { height, width, channels: 3 };
const a = pattern(1, [1, height, width, 3]), b = pattern(5, [1, height, width, 3]);

function close(actual: number, wanted: number, tolerance = 1e-9) {
  assert.ok(Math.abs(actual - wanted) <= tolerance, `${actual} for ${wanted}`);
}

for (const { crop, ...wanted } of cases) {
  Deno.test(`ssim() and psnr() agree with scikit-image, RGB and luma, crop ${crop}`, () => {
    close(ssim(a, b, { ...shape, crop }), wanted.ssimRgb);
    close(ssim(a, b, { ...shape, crop, color: "y" }), wanted.ssimY);
    close(psnr(a, b, { ...shape, crop }), wanted.psnrRgb);
    close(psnr(a, b, { ...shape, crop, color: "y" }), wanted.psnrY);
  });
}

Deno.test("psnr() is 10 log10(255² / error²) for an even error, whatever lies in the crop", () => {
  const black = new Uint8Array(6 * 6), grey = new Uint8Array(6 * 6).fill(51);
  const options = { width: 6, height: 6, channels: 1 };
  close(psnr(black, grey, options), 20 * Math.log10(5));
  grey[0] = 255;
  close(psnr(black, grey, { ...options, crop: 1 }), 20 * Math.log10(5));
  assert.equal(psnr(grey, grey, options), Infinity);
});

Deno.test("ssim() is 1 for an image and itself, and falls with noise", () => {
  close(ssim(a, a, shape), 1);
  const noisy = (size: number) => a.map((v, i) => Math.min(255, v + i * 7 % size));
  assert.ok(ssim(a, noisy(10), shape) > ssim(a, noisy(60), shape));
});

Deno.test("ssim() and psnr() say what doesn't fit", () => {
  assert.throws(() => ssim(a, b, { ...shape, crop: 5 }), /at least 11 px.*received 14×10/);
  assert.throws(() => psnr(a, b, { ...shape, crop: 10 }), /crop of 10 px/);
  assert.throws(() => psnr(a, b.subarray(1), shape), /received 1439 bytes/);
  assert.throws(() => psnr(a, b, { ...shape, width: width * 3, channels: 1, color: "y" }), /luma/);
});

for (const { resolution, channels, value } of expected.msSsim) {
  Deno.test(`msSsim() agrees with torch at ${resolution} px, ${channels} channels`, () => {
    const [left, right] = pairOf(resolution, channels);
    close(msSsim(left, right, { resolution, channels }), value);
    close(msSsim(right, left, { resolution, channels }), value);
    close(msSsim(left, left, { resolution, channels }), 1);
  });
}

/** The pair of make.py's `ms_ssim_case()`: the second image is half the first. */
function pairOf(resolution: number, channels: number): [Uint8Array, Uint8Array] {
  const both = pattern(1, [2, resolution, resolution, channels]), middle = both.length / 2;
  const left = both.subarray(0, middle);
  return [left, left.map((v, i) => (v >> 1) + (both[middle + i]! >> 1))];
}

Deno.test("msSsimOfPairs() is the mean over neighbours, over all batches", async () => {
  const size = { resolution: 8, channels: 3 }, [left, right] = pairOf(8, 3);
  const join = (...images: Uint8Array[]) => Uint8Array.from(images.flatMap((image) => [...image]));
  const progress: number[] = [];
  const { value, pairs } = await msSsimOfPairs(
    [join(left, right), join(left, left, right, right)],
    size,
    (done) => progress.push(done),
  );
  assert.equal(pairs, 3);
  assert.deepEqual(progress, [1, 2, 3]);
  close(value, (msSsim(left, right, size) + 2) / 3);
  await assert.rejects(msSsimOfPairs([left], size), /received 1 images/);
  await assert.rejects(msSsimOfPairs([], size), /received none/);
  assert.throws(() => msSsim(left, right, { resolution: 12, channels: 1 }), /received 12/);
});
