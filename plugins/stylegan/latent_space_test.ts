/** The latent space w: its operations match the way images are drawn. */
import assert from "node:assert/strict";
import { Random, seedFor, tf, withSeed } from "../../core/mod.ts";
import { selectBackend } from "../../core/backend/mod.ts";
import { resolveConfig } from "../../core/config/mod.ts";
import { styleganSchema } from "./config.ts";
import { createStylegan } from "./model.ts";

await selectBackend({ name: "cpu" });

const SIZE = 24;
const values = {
  latentSize: SIZE,
  mappingLayers: 2,
  channelBase: 64,
  channelMax: 4,
  channelMin: 4,
};

/**
 * The component of a vector that is orthogonal to the columns of matrices [F, outputs]
 * (Gram-Schmidt).
 */
function without(vector: Float32Array, matrices: readonly tf.Tensor2D[]): Float64Array {
  const basis: Float64Array[] = [];
  const rest = (x: Float64Array) => {
    for (const b of basis) {
      const along = x.reduce((sum, value, i) => sum + value * b[i]!, 0); // equal lengths
      x = x.map((value, i) => value - along * b[i]!);
    }
    return x;
  };
  for (const matrix of matrices) {
    const [rows, columns] = matrix.shape, data = matrix.dataSync<"float32">();
    for (let c = 0; c < columns; c++) {
      let x: Float64Array = Float64Array.from({ length: rows }, (_, i) => data[i * columns + c]!);
      x = rest(rest(x)); // twice, because of rounding
      const length = Math.hypot(...x);
      if (length > 1e-6) basis.push(x.map((value) => value / length));
    }
  }
  assert.ok(basis.length < SIZE, "some of w must be left");
  return rest(Float64Array.from(vector));
}

const CASES = [
  { name: "stylegan", options: { architecture: "stylegan" }, resolution: 8 },
  { name: "stylegan2", options: { architecture: "stylegan2" }, resolution: 8 },
  {
    name: "stylegan2 with pairs",
    options: { architecture: "stylegan2", pairWeight: 5 },
    resolution: 32,
  },
] as const;

for (const { name, options, resolution } of CASES) {
  const [config] = resolveConfig([styleganSchema], [
    { from: "the test", values: { ...values, ...options } },
  ]);
  const model = createStylegan(config, {
    seed: 1,
    startResolution: 4,
    channels: 3,
    labelCount: 0,
  });
  for (let next = 8; next <= resolution; next *= 2) {
    model.grow(next);
    model.stabilize();
  }
  const random = new Random(seedFor(1, "test"));
  for (const { path, variable } of model.generator.variables()) { // some are initialized to zero
    if (!/(to_image|noise)\/weight$/.test(path)) continue;
    const length = variable.size;
    variable.assign(tf.tensor(random.normals(length), variable.shape));
  }
  const space = model.latentSpace!, layers = model.styleLayers!();
  const z = tf.tensor2d(random.normals(2 * SIZE), [2, SIZE]);
  const seeded = (draw: () => tf.Tensor) => [...withSeed(seedFor(0, "noise"), draw).dataSync()];

  Deno.test(`${name}: map, truncate and synthesize are the steps of generate`, () => {
    const truncation = 0.6;
    const w = space.truncate(space.map(z), truncation);
    assert.deepEqual(w.shape, [2, space.size]);
    assert.deepEqual(
      seeded(() => space.synthesize(Array(layers).fill(w), 1)),
      seeded(() => model.generate!(z, { alpha: 1, truncation })),
    );
  });

  Deno.test(
    `${name}: what styleWeights() of a layer don't see changes nothing there, ` +
      `all else does`,
    () => {
      const w = space.map(z);
      const drawn = (layer: number, change: Float64Array) => {
        const styles = Array.from(
          { length: layers },
          (_, i) =>
            i === layer ? tf.add<tf.Tensor2D>(w, tf.tensor1d(Float32Array.from(change))) : w,
        );
        return seeded(() => space.synthesize(styles, 1));
      };
      const still = drawn(0, new Float64Array(SIZE));
      const farthest = (image: number[]) =>
        image.reduce((most, value, i) => Math.max(most, Math.abs(value - still[i]!)), 0);
      for (let layer = 0; layer < layers; layer++) {
        const direction = random.normals(SIZE);
        const unseen = without(direction, space.styleWeights(layer));
        assert.ok(Math.hypot(...unseen) > 0.5);
        assert.ok(
          farthest(drawn(layer, unseen)) < 1e-4,
          `layer ${layer}: ${farthest(drawn(layer, unseen))}`,
        );
        const seen = Float64Array.from(direction, (value, i) => value - unseen[i]!);
        assert.ok(farthest(drawn(layer, seen)) > 1e-2, `layer ${layer}`);
      }
    },
  );
}
