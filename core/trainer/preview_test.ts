import assert from "node:assert/strict";
import type { Dataset, OpenOptions } from "../data.ts";
import type { TrainingState } from "./training_state.ts";
import { heldOutBatch, labelsOf } from "./preview.ts";

/** A data set of 1 px images: held-out samples are 100, 101, …, training samples 0, 1, …. */
const datasetOf = (count: number, heldOutCount: number) =>
  ({
    info: { count, heldOutCount },
    open({ batchSize, split }: OpenOptions) {
      const first = split === "held-out" ? 100 : 0;
      assert.ok(batchSize <= (split === "held-out" ? heldOutCount : count));
      const numbers = Array.from({ length: batchSize }, (_, i) => first + i);
      const batch = {
        images: { data: Float32Array.from(numbers), shape: [batchSize, 1, 1, 1] },
        labels: { data: Int32Array.from(numbers), shape: [batchSize] },
      };
      return { next: () => Promise.resolve(batch), close() {} };
    },
  }) as unknown as Dataset; // all that is read

const training = { run: { previewCount: 4, seed: 0 } } as TrainingState; // all that is read

Deno.test("heldOutBatch() has as many reals as a grid has cells, held-out ones first", async () => {
  const numbersOf = async (count: number, heldOut: number, options?: { fill: boolean }) => {
    const { images, labels } = await heldOutBatch(training, datasetOf(count, heldOut), 1, options);
    assert.deepEqual([...labels!.data], [...images!.data]);
    assert.ok(labels!.data instanceof Int32Array);
    assert.deepEqual(images!.shape, [images!.data.length, 1, 1, 1]);
    return [...images!.data];
  };
  assert.deepEqual(await numbersOf(20, 9), [100, 101, 102, 103]);
  assert.deepEqual(await numbersOf(20, 1), [100, 0, 1, 2]);
  assert.deepEqual(await numbersOf(1, 2), [100, 101, 0]);
  assert.deepEqual(await numbersOf(20, 0), [0, 1, 2, 3]);
  assert.deepEqual(
    await numbersOf(20, 1, { fill: false }),
    [100],
    "previews: what is held out alone",
  );
  assert.deepEqual(await numbersOf(20, 0, { fill: false }), [0]);
});

Deno.test("a grid without held-out samples shows every class in turn", () => {
  const labels = ["cat", "dog", "pig"], held = Int32Array.of(2, 0);
  const shown = (heldOutCount: number) => {
    const dataset = { labels, heldOutCount } as TrainingState["dataset"]; // all that is read
    return [...labelsOf(dataset, held, 5)];
  };
  assert.deepEqual(shown(0), [0, 1, 2, 0, 1]);
  assert.deepEqual(shown(2), [2, 0, 2, 0, 2]);
});
