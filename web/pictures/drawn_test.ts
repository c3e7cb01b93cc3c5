import assert from "node:assert/strict";
import { drawnAlike, drawnAt, drawnCells, wordFor } from "./drawn.ts";

Deno.test("drawnCells() are all cells, or those of the named columns", () => {
  assert.deepEqual(drawnCells({ columns: 2, rows: 2 }), [0, 1, 2, 3]);
  assert.deepEqual(drawnCells({ columns: 4, rows: 2, drawn: [1, 2] }), [1, 2, 5, 6]);
  assert.deepEqual([wordFor({}), wordFor({ drawn: [2] })], ["Seed", "Picture"]);
});

Deno.test("drawnAt() takes the nearest drawn cell of the row", () => {
  const grid = { columns: 4, rows: 2, drawn: [1, 2] };
  const at = (column: number, row: number) => drawnAt(grid, { column, row });
  assert.deepEqual([at(0, 0), at(1, 0), at(2, 0), at(3, 0), at(3, 1)], [0, 0, 1, 1, 3]);
  assert.equal(drawnAt({ columns: 3, rows: 3 }, { column: 2, row: 2 }), 8);
  assert.equal(drawnAt({ ...grid, drawn: [] }, { column: 0, row: 0 }), null);
});

Deno.test("drawnAlike() gives older grids of the same columns what the newest says", () => {
  const old = { columns: 4, rows: 2 }, other = { columns: 3, rows: 2 };
  const now = { ...old, drawn: [1] };
  assert.deepEqual(drawnAlike([old, other, now]), [now, other, now]);
  const all = [old, old];
  assert.equal(drawnAlike(all), all);
});
