/** Compares augmentations with scalar computations from the same random draws. */
import assert from "node:assert/strict";
import { Random, randomNormal, randomUniform, seedFor, tf, withSeed } from "../../core/mod.ts";
import { coloured, transformed } from "./ada_transforms.ts";
import { cutOut, jitterColour, translate } from "./diff_augment.ts";

await tf.setBackend("cpu");
const N = 12, SIDE = 8;
const seeded = <T>(fn: () => T) => withSeed(seedFor(5, "augmentations"), fn);
const tidied = (fn: () => void) => () => void tf.tidy(fn);
const noise = (channels: number) =>
  tf.tensor4d(
    new Random(seedFor(1, "x")).normals(N * SIDE * SIDE * channels),
    [N, SIDE, SIDE, channels],
  );
const meanOf = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/**
 * The draws of each image, then those that decide whether they apply, which is always for p = 1.
 */
function drawn(kind: "uniform" | "normal"): number[] {
  const shape = [N, 1];
  const values = kind === "uniform" ? randomUniform(shape) : randomNormal(shape);
  randomUniform(shape);
  return [...values.dataSync()];
}

function nearly(received: tf.Tensor, expected: unknown, within: number): void {
  const values = (expected as number[]).flat(Infinity) as unknown as number[]; // nested rows
  const data = received.dataSync();
  assert.equal(data.length, values.length);
  values.forEach((value, i) => {
    assert.ok(Math.abs(data[i]! - value) <= within, `${data[i]} for ${value} at ${i}`);
  });
}

Deno.test(
  "ada mirrors, then enlarges by 2^N(0, 0.2²), turns by any angle and moves by up to an eighth",
  tidied(() => {
    const images = noise(2), received = seeded(() => transformed(images, tf.scalar(1)));
    const [mirror, size, turn, across, down] = seeded(() => [
      drawn("uniform").map((u) => u > 0.5 ? -1 : 1),
      drawn("normal").map((x) => 2 ** (0.2 * x)),
      drawn("uniform").map((u) => 2 * Math.PI * (u - 0.5)),
      drawn("uniform").map((u) => Math.round(2 * SIDE / 8 * (u - 0.5))),
      drawn("uniform").map((u) => Math.round(2 * SIDE / 8 * (u - 0.5))),
    ]) as [number[], number[], number[], number[], number[]];
    assert.ok(new Set(mirror).size === 2 && new Set(across).size === 3, "all of them are seen");

    /** Index of the pixel at a coordinate, on an axis that continues as its own mirror image. */
    const inside = (u: number) => {
      const m = ((u % (2 * SIDE)) + 2 * SIDE) % (2 * SIDE);
      return Math.min(m, 2 * SIDE - m) - 0.5;
    };
    const at = (i: number) => Math.min(SIDE - 1, Math.max(0, i));
    const expected = (images.arraySync() as number[][][][]).map((image, n) =>
      image.map((row, y) =>
        row.map((pixel, x) =>
          pixel.map((_, c) => {
            // Relative to the centre, rotated back and scaled down.
            const [dx, dy] = [x + 0.5 - SIDE / 2 - across[n]!, y + 0.5 - SIDE / 2 - down[n]!];
            const length = Math.hypot(dx, dy) / size[n]!, angle = Math.atan2(dy, dx) - turn[n]!;
            const u = inside(mirror[n]! * length * Math.cos(angle) + SIDE / 2);
            const v = inside(length * Math.sin(angle) + SIDE / 2);
            const [left, top] = [Math.floor(u), Math.floor(v)];
            const value = (j: number, i: number) => image[at(j)]![at(i)]![c]!; // in bounds
            const line = (j: number) =>
              value(j, left) * (1 - u + left) + value(j, left + 1) * (u - left);
            return line(top) * (1 - v + top) + line(top + 1) * (v - top);
          })
        )
      )
    );
    nearly(received, expected, 1e-3);
  }),
);

for (const channels of [1, 3]) {
  Deno.test(
    `ada changes brightness by N(0, 0.2²), contrast by 2^N(0, 0.5²)` +
      `${channels > 1 ? " and saturation by 2^N(0, 1)" : ""} in ${channels} channels`,
    tidied(() => {
      const images = noise(channels), received = seeded(() => coloured(images, tf.scalar(1)));
      const [added, contrast, saturation] = seeded(() =>
        [0.2, 0.5, 1].map((deviation) => drawn("normal").map((x) => deviation * x))
      ) as [number[], number[], number[]];
      const expected = (images.arraySync() as number[][][][]).map((image, n) =>
        image.map((row) =>
          row.map((pixel) => {
            const changed = pixel.map((v) => (v + added[n]!) * 2 ** contrast[n]!);
            const luma = meanOf(changed);
            return changed.map((v) => luma + (v - luma) * 2 ** saturation[n]!);
          })
        )
      );
      nearly(received, expected, 1e-4);
    }),
  );
}

Deno.test(
  "diff-augment adds up to ±0.5, scales saturation by 0 to 2 and then contrast by 0.5 to 1.5",
  tidied(() => {
    const images = noise(3), received = seeded(() => jitterColour(images));
    const [added, saturation, contrast] = seeded(() =>
      ([[-0.5, 0.5], [0, 2], [0.5, 1.5]] as const).map(([from, to]) => [
        ...randomUniform([N, 1], from, to).dataSync(),
      ])
    ) as [number[], number[], number[]];
    const expected = (images.arraySync() as number[][][][]).map((image, n) => {
      const saturated = image.map((row) =>
        row.map((pixel) => {
          const mean = meanOf(pixel) + added[n]!;
          return pixel.map((v) => mean + (v + added[n]! - mean) * saturation[n]!);
        })
      );
      const mean = meanOf(saturated.flat(2));
      return saturated.map((row) =>
        row.map((pixel) => pixel.map((v) => mean + (v - mean) * contrast[n]!))
      );
    });
    nearly(received, expected, 1e-4);
  }),
);

Deno.test(
  "diff-augment's square has its centre at any of the side's edges between pixels, borders too",
  tidied(() => {
    const count = 400;
    const holes = seeded(() => cutOut(tf.ones([count, SIDE, SIDE, 1])));
    const rows = tf.sum(tf.less(tf.min(holes, [2, 3]), 0.5).toFloat(), 1).dataSync(); // [N]
    const columns = tf.sum(tf.less(tf.min(holes, [1, 3]), 0.5).toFloat(), 1).dataSync();
    // At a border, half of the hole is outside. There are 9 positions, 0 to 8, and 400 draws hit
    // all.
    for (const sizes of [rows, columns]) {
      const seen = new Map<number, number>();
      for (const size of sizes) seen.set(size, (seen.get(size) ?? 0) + 1);
      assert.deepEqual([...seen.keys()].sort(), [SIDE / 4, SIDE / 4 + 1, SIDE / 2]);
      // Two of the nine positions show half of the hole: 2/9 ± 4 standard deviations of 0.021.
      assert.ok(Math.abs(seen.get(SIDE / 4)! / count - 2 / 9) < 0.084, `${[...seen]}`);
    }
  }),
);

Deno.test(
  "diff-augment moves by each whole number of pixels up to an eighth alike, both ways",
  tidied(() => {
    const count = 400, ramp = tf.range(0, SIDE);
    for (const axis of [1, 2]) {
      const shape = [1, 1, 1, 1].map((one, i) => i === axis ? SIDE : one);
      const images = tf.mul(tf.reshape(ramp, shape), tf.ones([count, SIDE, SIDE, 1]));
      const moved = seeded(() => translate(images as tf.Tensor4D));
      const middle = tf.slice(moved, [0, SIDE / 2, SIDE / 2, 0], [-1, 1, 1, 1]);
      const shifts = [...middle.dataSync()].map((v) => v - SIDE / 2);
      for (const shift of [-1, 0, 1]) {
        const share = shifts.filter((s) => s === shift).length / count;
        // 4 standard deviations
        assert.ok(Math.abs(share - 1 / 3) < 4 * 0.024, `${shift}: ${share}`);
      }
    }
  }),
);
