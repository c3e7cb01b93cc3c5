import assert from "node:assert/strict";
import { handOut } from "./hand_out.ts";

/** Gathers of two workers in one process: each resolves when both were called. */
function twoGathers() {
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

Deno.test("worker 0's text reaches all, whatever its length", async () => {
  for (const text of ["", "x", "Größe 64 px", "ab".repeat(5000)]) {
    const [first, second] = twoGathers();
    assert.deepEqual(await Promise.all([handOut(first!, text), handOut(second!)]), [text, text]);
  }
});
