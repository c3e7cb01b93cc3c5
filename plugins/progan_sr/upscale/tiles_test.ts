import assert from "node:assert/strict";
import { tf } from "../../../core/mod.ts";
import { largestDifference, pixels } from "./test_pictures.ts";
import { enlargeTiled, planTiles } from "./tiles.ts";
import { network } from "./test_network.ts";

Deno.test("planTiles() covers every pixel once, and reads the margin wherever there is one", () => {
  for (
    const [width, height, side] of [[50, 31, 16], [16, 16, 16], [17, 5, 0], [1, 1, 8]] as const
  ) {
    const count = new Uint8Array(width * height);
    for (const { inner, outer } of planTiles({ width, height }, side, 3)) {
      assert(side === 0 || Math.max(inner.width, inner.height) <= side);
      assert.equal(outer.x, Math.max(0, inner.x - 3));
      assert.equal(outer.y + outer.height, Math.min(height, inner.y + inner.height + 3));
      for (let y = inner.y; y < inner.y + inner.height; y++) {
        for (let x = inner.x; x < inner.x + inner.width; x++) count[y * width + x]!++;
      }
    }
    assert(count.every((n) => n === 1));
  }
});

Deno.test(
  "tiles give the pixels of the whole image to 1 of 255, borders included, and leave " +
    "no tensors",
  async () => {
    const image = pixels(41, 30, 3), before = tf.memory().numTensors;
    const common = { scale: 2, reach: network.reach, enlarge: network.enlarge };
    const whole = await enlargeTiled(image, { ...common, side: 0 });
    let calls = 0;
    const tiled = await enlargeTiled(image, { ...common, side: 11, onTile: () => calls++ });
    assert.equal(calls, 4 * 3);
    assert.deepEqual([tiled.width, tiled.height], [82, 60]);
    assert(largestDifference(whole.data, tiled.data) <= 1);
    const careless = await enlargeTiled(image, { ...common, reach: 0, side: 11 });
    assert(largestDifference(whole.data, careless.data) > 1, "without a margin there are seams");
    assert.equal(tf.memory().numTensors, before);
  },
);

Deno.test("a stop is heard between tiles, although all of them are computed at once", async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error("Ctrl-C")));
  let done = 0;
  const how = { ...network, side: 1, signal: controller.signal, onTile: () => done++ };
  await assert.rejects(enlargeTiled(pixels(9, 9, 3), how), /^Error: Ctrl-C$/);
  assert(done < 81, `${done}`);
});
