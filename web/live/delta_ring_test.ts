import assert from "node:assert/strict";
import { createDeltaRing } from "./delta_ring.ts";

Deno.test("a DeltaRing gives what a reader lacks, and undefined when that is gone", () => {
  const ring = createDeltaRing<number>(2);
  ring.startAt(0);
  assert.deepEqual(ring.since(0), []);
  ring.push(1, "a");
  ring.push(2, "b");
  assert.deepEqual(ring.since(1), [{ from: 1, to: 2, text: "b" }]);
  ring.push(3, "c");
  assert.equal(ring.since(0), undefined);
  assert.equal(ring.since(1)?.length, 2);
});
