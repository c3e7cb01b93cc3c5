/** Gathers between workers within one process, for tests. */
import assert from "node:assert/strict";

/** The gathers of two workers: each resolves when both have been called. */
export function twoGathers(): ((values: Int32Array) => Promise<Int32Array[]>)[] {
  const waiting: { values: Int32Array; tell(rows: Int32Array[]): void }[] = [];
  return [0, 1].map((rank) => (values: Int32Array) =>
    new Promise<Int32Array[]>((resolve) => {
      const other = waiting.pop();
      if (!other) return void waiting.push({ values, tell: resolve });
      assert.equal(values.length, other.values.length, "all give as many");
      const rows = rank === 1 ? [other.values, values] : [values, other.values];
      other.tell(rows);
      resolve(rows);
    })
  );
}
