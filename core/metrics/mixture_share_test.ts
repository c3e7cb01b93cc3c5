import assert from "node:assert/strict";
import { Random, seedFor } from "../random.ts";
import { mixtureShare, type Moments } from "./mixture_share.ts";

/** Moments of rows of features. */
function momentsOf(rows: readonly (readonly number[])[]): Moments {
  const mean = rows[0]!.map((_, k) => rows.reduce((sum, row) => sum + row[k]!, 0) / rows.length);
  const meanSquare = mean.map((_, k) =>
    rows.reduce((sum, row) => sum + row[k]! ** 2, 0) / rows.length
  );
  return { mean, meanSquare };
}

/**
 * `count` rows of three features: one that is shifted, one that is spread and one that is constant.
 */
function rowsOf(count: number, stream: string, { moved = 0, spread = 1 } = {}): number[][] {
  const values = new Random(seedFor(5, stream)).normals(3 * count);
  return Array.from({ length: count }, (_, i) => {
    const [a, b, c] = values.subarray(3 * i, 3 * i + 3) as unknown as [number, number, number];
    return [a + moved, 3 + b * spread, c];
  });
}
const OTHER = { moved: 2, spread: 3 };

Deno.test("mixtureShare() finds how many of the samples are like the other kind", () => {
  const from = momentsOf(rowsOf(4000, "from")), to = momentsOf(rowsOf(4000, "to", OTHER));
  for (const share of [0, 0.25, 0.6, 1]) {
    const others = Math.round(share * 4000);
    const rows = [...rowsOf(4000 - others, "a"), ...rowsOf(others, "b", OTHER)];
    const found = mixtureShare({ from, to, samples: momentsOf(rows) });
    assert(Math.abs(found - share) < 0.06, `${found} for ${share}`); // a few standard errors
  }
});

Deno.test("mixtureShare() does not see a difference in another direction", () => {
  const from = momentsOf(rowsOf(4000, "from")), to = momentsOf(rowsOf(4000, "to", OTHER));
  const samples = momentsOf(rowsOf(4000, "a").map(([a, b, c]) => [a!, b!, c! + 5]));
  assert(Math.abs(mixtureShare({ from, to, samples })) < 0.06);
});

Deno.test("mixtureShare() is 0 where both kinds are the same, and of constants", () => {
  const from = momentsOf(rowsOf(100, "from"));
  assert.equal(mixtureShare({ from, to: from, samples: momentsOf(rowsOf(50, "a", OTHER)) }), 0);
  const constant = { mean: [2], meanSquare: [4] };
  assert.equal(mixtureShare({ from: constant, to: constant, samples: constant }), 0);
});

Deno.test("mixtureShare() refuses moments of other features", () => {
  const one = { mean: [0], meanSquare: [1] }, two = { mean: [0, 0], meanSquare: [1, 1] };
  const none = { mean: [], meanSquare: [] };
  assert.throws(() => mixtureShare({ from: one, to: two, samples: one }), /equally many features/);
  assert.throws(() => mixtureShare({ from: none, to: none, samples: none }), RangeError);
});
