/** Weight changes of pictures, and interpolation between pictures. */
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "../../backend/mod.ts";
import { createParameters } from "../../layers/mod.ts";
import { zeros } from "../../layers/initializers.ts";
import type { Model } from "../../plugin/mod.ts";
import { between, crossed, type StyledImage } from "./styled_image.ts";
import { swing } from "./direction_walk.ts";
import { blendedShares, haveSameWeights, withChanges } from "./weight_change.ts";

await selectBackend({ name: "cpu" });

const share = (name: string, share: number) => ({ name, share, change: new Map() });
const image = (changes?: StyledImage["changes"]): StyledImage => ({
  styles: [0, 1, 2, 3].map((x) => Float32Array.of(x)),
  noise: 1,
  ...(changes ? { changes } : {}),
});
const shares = ({ changes = [] }: StyledImage) =>
  Object.fromEntries(changes.map(({ name, share }) => [name, share]));

Deno.test("shares of one picture add up, and what is nothing goes", () => {
  const shown = (found: ReturnType<typeof blendedShares>) =>
    found.map(({ name, share }) => [name, share]);
  const a = [share("cat", 1), share("dog", 0.5)], b = [share("cat", 1)];
  assert.deepEqual(shown(blendedShares(a, 0.25, b, 0.75)), [["cat", 1], ["dog", 0.125]]);
  assert.deepEqual(shown(blendedShares(a, 0, b, 1)), [["cat", 1]]);
  assert.deepEqual(blendedShares(undefined, 1, undefined, 1), []);
  assert.ok(haveSameWeights([share("a", 1), share("b", 0.5)], [share("b", 0.5), share("a", 1)]));
  assert.ok(haveSameWeights(undefined, []));
  assert.ok(!haveSameWeights([share("a", 1)], [share("a", 0.5)]));
});

Deno.test("on the way between two pictures, weights are as far as styles are", () => {
  const cat = image([share("cat", 1)]), dog = image([share("dog", 1)]), seed = image();
  assert.deepEqual(shares(between(cat, dog, 0.25)), { cat: 0.75, dog: 0.25 });
  assert.deepEqual(shares(between(cat, seed, 1)), {});
  assert.deepEqual(shares(crossed(cat, dog, (layer) => layer >= 3)), { cat: 0.75, dog: 0.25 });
  assert.deepEqual(shares(crossed(seed, cat, () => true)), { cat: 1 });
  assert.deepEqual(shares(crossed(cat, cat, (layer) => layer >= 2)), { cat: 1 });
});

Deno.test("withChanges() adds shares to the weights and takes them out, whatever happens", () => {
  const generator = createParameters("generator", 1);
  const weight = generator.variable("w", [2], zeros);
  const still = generator.variable("still", [1], zeros);
  weight.assign(tf.tensor1d([1, 2]));
  const model = { generator, discriminator: createParameters("d", 1) } satisfies Model;
  const change = new Map([["generator/w", Float32Array.of(10, -20)]]);
  const seen = (given: Parameters<typeof withChanges>[1]) =>
    withChanges({ model }, given, () => [...weight.dataSync(), ...still.dataSync()]);
  const before = tf.memory().numTensors;
  assert.deepEqual(seen([{ name: "a", change, share: 0.5 }]), [6, -8, 0]);
  const twice = [{ name: "a", change, share: 1 }, { name: "b", change, share: 0.5 }];
  assert.deepEqual(seen(twice), [16, -28, 0]);
  const fails = () =>
    withChanges({ model }, twice, () => {
      throw new Error("no memory");
    });
  assert.throws(fails, /no memory/);
  assert.deepEqual(seen(undefined), [1, 2, 0]);
  assert.equal(tf.memory().numTensors, before);
  generator.remove();
});

Deno.test("a swing goes from one end to the other, and loops without a jolt", () => {
  assert.deepEqual(swing(4, false), [-1, -0.5, 0, 0.5, 1]);
  const loop = swing(4, true);
  assert.equal(loop.length, 8);
  [-1, -Math.SQRT1_2, 0, Math.SQRT1_2, 1, Math.SQRT1_2, 0, -Math.SQRT1_2].forEach((x, i) =>
    assert.ok(Math.abs(loop[i]! - x) < 1e-12)
  );
});
