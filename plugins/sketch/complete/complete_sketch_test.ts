import assert from "node:assert/strict";
import { frameOf, Random, seedFor } from "../../../core/mod.ts";
import { selectBackend } from "../../../core/backend/mod.ts";
import { testBatch, testTraining } from "../test_run.ts";
import { completeSketch } from "./complete_sketch.ts";
import { drawNext } from "./draw_next.ts";
import { rasterOfLines } from "../raster_of_lines.ts";

const backend = await selectBackend({ name: "cpu" });

Deno.test(
  "a candidate depends on seed and index; steps take the given parts, then predicted " +
    "ones",
  () => {
    const training = testTraining(backend, {}, ["a", "b", "c"]);
    const partial = (testBatch(4).partial!.data as Float32Array).slice(0, 16);
    const draw = (index: number, steps: number, parts: string[] = []) =>
      completeSketch(training.model, { raster: partial, lines: [] }, {
        resolution: 4,
        alpha: 1,
        steps,
        parts,
        seed: 1,
        index,
      });
    const one = draw(0, 1);
    assert.deepEqual(draw(0, 1), one);
    assert.notDeepEqual(draw(1, 1).merged, one.merged);
    assert.deepEqual(
      [...one.merged],
      [...partial].map((x, i) => Math.max(x, one.steps[0]!.part[i]!)),
    );
    const many = draw(0, 9, ["c", "a"]);
    const names = many.steps.map(({ name }) => name);
    assert.deepEqual(names, ["c", "a", "b"].slice(0, names.length)); // b is the only one left
    assert.ok(names.length >= 1 && names.length <= 3);
    many.steps.forEach(({ merged }, i) => {
      const before = many.steps[i - 1]?.merged ?? partial;
      assert.ok(merged.every((x, j) => x >= before[j]!));
    });
    training.dispose();
  },
);

Deno.test("with boxes a part lies in its frame, its picture is its lines', and the sketch stays", () => {
  const training = testTraining(backend, { layout: "boxes" }, ["a", "b", "c"]);
  const line = Float32Array.of(0.2, 0.2, 0.8, 0.2), raster = rasterOfLines([line], 256);
  const box = [0.6, 0.7, 0.2, 0.1] as const, { left, top, side } = frameOf(box);
  const draw = (index: number) =>
    drawNext(training.model, [{ raster, lines: [line] }], {
      resolution: 4,
      alpha: 1,
      seed: seedFor(index, "test"),
      randoms: [new Random(seedFor(index, "test"))],
      boxes: [box],
    })[0]!;
  const parts = [0, 1, 2, 3].map(draw);
  assert.ok(parts.some(({ lines }) => lines!.length > 0));
  for (const { lines, raster } of parts) {
    assert.deepEqual(raster, rasterOfLines(lines!, 256));
    for (const line of lines!) {
      line.forEach((value, i) => {
        const from = i % 2 === 0 ? left : top;
        assert.ok(value >= from - 1e-6 && value <= from + side + 1e-6, `${value}`);
      });
    }
  }
  const sketch = { raster, lines: [line] };
  const options = { resolution: 4, alpha: 1, steps: 9, parts: ["c"], seed: 1, index: 0 };
  const { steps, merged, side: drawn } = completeSketch(training.model, sketch, options);
  assert.equal(drawn, 256);
  assert.equal(steps[0]!.name, "c");
  assert.ok(steps.length <= 3);
  assert.ok(merged.every((value, i) => value >= raster[i]!));
  assert.deepEqual(completeSketch(training.model, sketch, options).merged, merged);
  training.dispose();
});
