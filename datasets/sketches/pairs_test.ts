import assert from "node:assert/strict";
import type { Drawing } from "../../core/sketches/drawing.ts";
import { pairsOf, partialOf } from "./pairs.ts";

Deno.test("pairsOf() cuts the order, or leaves each part out", () => {
  const drawing = (n: number, ordered: boolean): Drawing => ({
    path: "",
    group: "",
    ordered,
    parts: Array.from({ length: n }, () => ({ label: "", lines: [] })),
  });
  const pairs = (of: Drawing, split?: "order" | "leave-one-out") =>
    pairsOf([of], split).map(({ part }) => ({ partial: partialOf(of, part, split), part }));
  const cuts = [{ partial: [0], part: 1 }, { partial: [0, 1], part: 2 }];
  assert.deepEqual(pairs(drawing(3, true)), cuts);
  const others = [[1, 2], [0, 2], [0, 1]].map((partial, part) => ({ partial, part }));
  assert.deepEqual(pairs(drawing(3, false)), others);
  assert.deepEqual(pairs(drawing(3, true), "leave-one-out"), others);
  assert.deepEqual(pairs(drawing(3, false), "order"), cuts);
  assert.deepEqual(pairsOf([drawing(1, true), drawing(1, false)], undefined), []);
  for (const ordered of [true, false]) {
    assert.deepEqual(pairs({ ...drawing(3, ordered), onlyLast: true }), [cuts[1]]);
  }
});
