import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { seedFor } from "../random.ts";
import { laplacianPyramid, pyramidLevels } from "./laplacian_pyramid.ts";
import { createCorners } from "./patches.ts";
import { projectInJavaScript } from "./project.ts";
import { projectWithTfjs } from "./project_tfjs.ts";
import { DIRECTIONS, drawDirections, slicedWasserstein } from "./sliced_wasserstein.ts";
import { type ImageSet, swdOf, swdWithFloor } from "./swd.ts";
import expected from "./testdata/expected.json" with { type: "json" };
import { pattern } from "./testdata/pattern.ts";

for (const wanted of expected.swd) {
  const { resolution, channels, images } = wanted;
  const levels = (seed: number) => {
    const data = Float32Array.from(pattern(seed, [images, resolution, resolution, channels]));
    return laplacianPyramid({ data, resolution, channels }, pyramidLevels(resolution));
  };
  Deno.test(`slicedWasserstein() agrees with NumPy at ${resolution} px`, async () => {
    const a = levels(1), b = levels(2);
    assert.equal(a.length, wanted.levels.length);
    for (const [i, level] of wanted.levels.entries()) {
      const sets = [
        { images: a[i]!, corners: Uint32Array.from(level.cornersA) },
        { images: b[i]!, corners: Uint32Array.from(level.cornersB) },
      ];
      const directions = Float32Array.from(level.directions);
      // 1 byte: one direction per pass
      for (const memoryBytes of [2 ** 20, 1]) {
        const [distance] = await slicedWasserstein(sets, directions, { memoryBytes });
        assert.ok(Math.abs(distance! - level.distance) < 1e-5, `${distance} for ${level.distance}`);
      }
    }
  });
}

const OPTIONS = { resolution: 8, channels: 1, seed: 7, imagesPlanned: 12 };
const reals = pattern(1, [12, 8, 8, 1]), fakes = pattern(4, [12, 8, 8, 1]);

async function swd(a: Uint8Array, b: Uint8Array, options: Partial<typeof OPTIONS> = {}) {
  return await swdOf({ real: () => [a], fake: () => [b] }, { ...OPTIONS, ...options });
}

Deno.test("slicedWasserstein() is 0 for a set and itself, and the same both ways", async () => {
  const set = (data: Uint8Array, role: string) => ({
    images: { data: Float32Array.from(data), resolution: 8, channels: 1 },
    corners: createCorners(8, seedFor(1, role))(12),
  });
  const a = set(reals, "a"), b = set(fakes, "b");
  const directions = drawDirections(49, seedFor(1, "directions")).subarray(0, 49 * 6);
  const [same, other] = await slicedWasserstein([a, a, b], directions);
  assert.equal(same, 0);
  const [back] = await slicedWasserstein([b, a], directions);
  assert.ok(other! > 0.01);
  assert.equal(back, other);
});

Deno.test("swdOf() is 0 for equal images at 4 px, where the patch is the image", async () => {
  const images = reals.subarray(0, 12 * 16);
  const result = await swd(images, images, { resolution: 4 });
  assert.deepEqual(result, { levels: [{ resolution: 4, value: 0 }], average: 0, images: 12 });
});

Deno.test("swdOf() grows with the share of changed images", async () => {
  const values = [];
  for (const changed of [0, 3, 6, 12]) {
    const mixed = reals.slice();
    mixed.set(fakes.subarray(0, changed * 64));
    values.push((await swd(reals, mixed)).average);
  }
  assert.deepEqual(values, values.toSorted((a, b) => a - b));
  assert.ok(values[3]! > 2 * values[0]!, `${values}`);
});

Deno.test("swdOf() reports every level and their mean, and goes by its seed", async () => {
  const a = pattern(1, [2, 32, 32, 1]), b = pattern(4, [2, 32, 32, 1]);
  const shape = { resolution: 32, channels: 1 };
  const first = await swd(a, b, shape), again = await swd(a, b, shape);
  assert.deepEqual(first.levels.map((level) => level.resolution), [32, 16]);
  assert.equal(first.average, (first.levels[0]!.value + first.levels[1]!.value) / 2);
  assert.deepEqual(first, again);
  assert.notDeepEqual(first, await swd(a, b, { ...shape, seed: 8 }));
});

Deno.test("swdOf() gives the same however the images are cut into batches", async () => {
  const inParts = (data: Uint8Array, images: number): ImageSet => () =>
    Array.from(
      { length: 12 / images },
      (_, i) => data.subarray(i * images * 64, (i + 1) * images * 64),
    );
  const parts = { real: inParts(reals, 3), fake: inParts(fakes, 1) };
  assert.deepEqual(await swdOf(parts, OPTIONS), await swd(reals, fakes));
});

Deno.test("swdOf() stays finite for a generator that paints one colour", async () => {
  const { average } = await swd(reals, new Uint8Array(reals.length).fill(128));
  // Against zeros the distance is the mean |projection| of normalized reals: about √(2/π) for white
  // noise.
  assert.ok(average > 300 && average < 1500, `${average}`);
});

Deno.test("swdWithFloor() gives other reals a smaller distance than other images", async () => {
  // Images of the same pattern: of each four, two go to each set.
  const many = pattern(1, [24, 8, 8, 1]),
    part = (first: boolean) => many.filter((_, i) => Math.floor(i / 64) % 4 < 2 === first);
  const real = part(true), otherReal = part(false);
  const progress: number[] = [];
  const { swd: distance, floor } = await swdWithFloor(
    {
      real: () => [real],
      otherReal: () => [otherReal],
      fake: () => [fakes.subarray(0, 64), fakes.subarray(64)],
    },
    { ...OPTIONS, onProgress: (fraction) => progress.push(fraction) },
  );
  assert.ok(floor.average < distance.average);
  assert.equal(distance.average, (await swd(real, fakes)).average);
  assert.equal(progress.at(-1), 1);
  assert.deepEqual(progress, progress.toSorted((a, b) => a - b));
});

Deno.test("swdWithFloor() lets timers run while it computes", async () => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  try {
    // A slow projection, as with large sets.
    const project: typeof projectInJavaScript = (...input) => {
      const end = performance.now() + 15;
      while (performance.now() < end);
      return projectInJavaScript(...input);
    };
    const batches = { real: () => [reals], otherReal: () => [reals], fake: () => [fakes] };
    await swdWithFloor(batches, { ...OPTIONS, project });
  } finally {
    clearInterval(timer);
  }
  assert.ok(ticks > 0);
});

Deno.test("projectWithTfjs() agrees with projectInJavaScript() and leaks no tensor", async () => {
  const shape = { patches: 5, length: 27, directions: 6 }; // 6: not a multiple of four
  // longer than needed
  const patches = Float32Array.from({ length: 7 * 27 }, (_, i) => Math.sin(i));
  const directions = Float32Array.from({ length: 6 * 27 }, (_, i) => Math.cos(i * i));
  const before = tf.memory().numTensors;
  const [a, b] = [
    await projectWithTfjs(patches, directions, shape),
    projectInJavaScript(patches, directions, shape),
  ];
  assert.equal(tf.memory().numTensors, before);
  assert.equal(a.length, 30);
  for (const [i, value] of a.entries()) {
    let sum = 0;
    for (let j = 0; j < 27; j++) {
      sum += patches[i % 5 * 27 + j]! * directions[Math.floor(i / 5) * 27 + j]!;
    }
    assert.ok(Math.abs(value - sum) < 1e-5 && Math.abs(b[i]! - sum) < 1e-5);
  }
});

Deno.test(
  "drawDirections() are unit vectors, createCorners() reach every place and no " +
    "more",
  () => {
    const directions = drawDirections(16, seedFor(3, "directions"));
    assert.equal(directions.length, DIRECTIONS * 16);
    for (let d = 0; d < DIRECTIONS; d++) {
      const norm = Math.hypot(...directions.subarray(d * 16, d * 16 + 16));
      assert.ok(Math.abs(norm - 1) < 1e-5);
    }
    const corners = new Set(createCorners(9, seedFor(3, "corners"))(4));
    assert.deepEqual([...corners].sort((a, b) => a - b), [0, 1, 2, 9, 10, 11, 18, 19, 20]);
  },
);

Deno.test(
  "swdOf() reads the sets again for each level that finds no room, with the same " +
    "result",
  async () => {
    const images = [pattern(1, [3, 64, 64, 3]), pattern(4, [3, 64, 64, 3])] as const;
    const measure = async (patchBytes: number) => {
      let reads = 0;
      const set = (data: Uint8Array): ImageSet => () => {
        reads++;
        return [data];
      };
      const sets = { real: set(images[0]), fake: set(images[1]) };
      const result = await swdOf(sets, {
        ...OPTIONS,
        resolution: 64,
        channels: 3,
        imagesPlanned: 3,
        patchBytes,
      });
      return { result, reads };
    };
    // bytes: sets, images, patches, their pixels, channels, float32
    const level = 2 * 3 * 128 * 7 * 7 * 3 * 4;
    const whole = await measure(3 * level), two = await measure(2 * level), one = await measure(0);
    assert.deepEqual([whole.reads, two.reads, one.reads], [2, 4, 6]); // of two sets
    assert.equal(whole.result.levels.length, 3);
    assert.deepEqual([two.result, one.result], [whole.result, whole.result]);
  },
);

Deno.test("swdOf() says what is wrong with a set", async () => {
  const none = new Uint8Array();
  await assert.rejects(
    swd(new Uint8Array(100), none),
    /Cannot add real images.*received 100 bytes/,
  );
  await assert.rejects(swd(reals, new Uint8Array(13 * 64)), /at most 12 in all, received 13/);
  await assert.rejects(swd(none, none), /received 0 real, 0 generated/);
  await assert.rejects(swd(reals, none), /received 12 real, 0 generated/);
  await assert.rejects(swd(reals, fakes, { resolution: 12 }), /received 12\. Resize/);
});
