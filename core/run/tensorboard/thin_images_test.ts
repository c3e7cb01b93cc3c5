import assert from "node:assert/strict";
import { isWritten } from "./thin_images.ts";

Deno.test(
  "an event file gets half of a phase's first grids more each time their number " +
    "doubles",
  () => {
    const written = (count: number, dense: number) =>
      Array.from({ length: count }, (_, i) => i).filter((i) => isWritten(i, dense));
    assert.deepEqual(written(17, 4), [0, 1, 2, 3, 4, 6, 8, 12, 16]);
    for (const doublings of [1, 2, 3, 10]) {
      assert.equal(written(100 * 2 ** doublings, 100).length, 100 + 50 * doublings);
    }
    assert.equal(written(5000, 0).length, 5000);
  },
);
