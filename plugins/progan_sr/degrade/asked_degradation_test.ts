import assert from "node:assert/strict";
import { seedFor, tf, withSeed } from "../../../core/mod.ts";
import { pattern } from "../../../core/features/testdata/pattern.ts";
import { reduce, rounded } from "../pairs.ts";
import { askedDegradation } from "./asked_degradation.ts";
import { degrade } from "./degrade.ts";
import { jpeg } from "./jpeg.ts";

await tf.setBackend("cpu");

const low = (images: tf.Tensor4D) => reduce(images, 2, "bicubic");

Deno.test("askedDegradation() compresses at a quality, or draws by the seed", () => {
  tf.tidy(() => {
    const images = tf.tensor4d(pattern(2 * 16 * 16 * 3, 3, 0.9), [2, 16, 16, 3]);
    const seeded = (make: () => tf.Tensor4D) => withSeed(seedFor(3, "test"), make).dataSync();
    const made = (asked: string) => seeded(() => askedDegradation(asked, low)(images));
    assert.deepEqual(made("clean"), low(images).dataSync());
    const quality = tf.fill<tf.Rank.R4>([2, 1, 1, 1], 50);
    assert.deepEqual(made("jpeg:50"), jpeg(rounded(low(images)), quality).dataSync());
    assert.notDeepEqual(made("jpeg:50"), made("jpeg:65"));
    for (const name of ["web", "camera"] as const) {
      assert.deepEqual(made(name), seeded(() => degrade(images, name, low)));
    }
  });
});

Deno.test("askedDegradation() refuses other words, and says which there are", () => {
  for (const asked of ["jpeg", "jpeg:0", "jpeg:101", "jpeg:5.5", "jpeg:-1", "png:50", "", "Web"]) {
    assert.throws(() => askedDegradation(asked, low), /ConfigError: .*clean, web, camera or jpeg:/);
  }
});

Deno.test("askedDegradation() refuses inputs below 8 px, and says how large they are", () => {
  const small = tf.zeros<tf.Rank.R4>([1, 32, 14, 3]);
  for (const asked of ["jpeg:50", "web", "camera"]) {
    assert.throws(
      () => tf.tidy(() => askedDegradation(asked, low)(small)),
      /ConfigError: .*on inputs of 7 × 16 px: expected at least 8 px .*--degrade clean/,
    );
  }
  tf.tidy(() => assert.deepEqual(askedDegradation("clean", low)(small).shape, [1, 16, 7, 3]));
});
