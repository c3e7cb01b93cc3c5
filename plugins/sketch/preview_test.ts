import assert from "node:assert/strict";
import { selectBackend } from "../../core/backend/mod.ts";
import { drawPreview } from "../../core/trainer/mod.ts";
import { PREVIEW_COLUMNS } from "./preview.ts";
import { testBatch, testTraining } from "./test_run.ts";

const backend = await selectBackend({ name: "cpu" });

Deno.test(
  "a preview row is partial, real part, drawn parts and the merge, dark on " +
    "light",
  async () => {
    const training = testTraining(backend);
    const batch = testBatch(4);
    const { data, shape, columns, drawn } = await drawPreview(training, batch, "live");
    assert.equal(columns, PREVIEW_COLUMNS);
    assert.deepEqual(drawn, [2, 3, 4, 5, 6]);
    assert.deepEqual(shape, [2 * PREVIEW_COLUMNS, 4, 4, 1]); // 16 cells fit two rows
    const cell = (row: number, column: number) => {
      const start = (row * PREVIEW_COLUMNS + column) * 16;
      return [...data.slice(start, start + 16)];
    };
    for (const [row, sample] of [[0, 0], [1, 2]] as const) {
      const of = (
        name: "partial" | "part",
      ) => [...batch[name]!.data.slice(sample * 16, (sample + 1) * 16)];
      assert.deepEqual(cell(row, 0), of("partial").map((x) => -x));
      assert.deepEqual(cell(row, 1), of("part").map((x) => -x));
      assert.deepEqual(cell(row, 7), cell(row, 0).map((x, i) => Math.min(x, cell(row, 2)[i]!)));
      assert.notDeepEqual(cell(row, 2), cell(row, 3));
    }
    assert.ok(data.every((x) => x >= -1 && x <= 1));
    training.dispose();
  },
);

Deno.test("a preview of few cells has one row", async () => {
  const training = testTraining(backend, { previewCount: 1, latent: false });
  const { shape } = await drawPreview(training, testBatch(4), "ema");
  assert.deepEqual(shape, [PREVIEW_COLUMNS, 4, 4, 1]);
  training.dispose();
});
