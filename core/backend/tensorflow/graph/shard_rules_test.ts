import assert from "node:assert/strict";
import { DType } from "../binding/dtypes.ts";
import { RULES } from "./shard_rules.ts";

/** Applies the rule of an op to inputs of these shapes, in two shards. */
function cutOf(op: string, shapes: number[][], output: number[], integers: number[] = []) {
  const type = (shape: number[]) => ({ dtype: DType.FLOAT, shape });
  return RULES.get(op)!({
    op,
    inputs: shapes.map(type),
    outputs: [type(output)],
    attribute: () => undefined,
    integers: () => integers,
  }, 2);
}

Deno.test("a sum across the first axis is one of the pieces' sums, however it is told", () => {
  for (const axis of [0, -3]) {
    assert.equal(cutOf("Sum", [[4, 2, 3], [1]], [2, 3], [axis])?.result, "sum");
  }
  for (const axis of [1, 2, -1, -2]) {
    assert.equal(cutOf("Sum", [[4, 2, 3], [1]], [4, 3], [axis])?.result, "pieces");
  }
  for (const axis of [0, -2]) assert.equal(cutOf("Max", [[4, 3], [1]], [3], [axis]), undefined);
  for (const axis of [0, -2]) {
    assert.equal(cutOf("ConcatV2", [[4, 3], [4, 3], []], [8, 3], [axis]), undefined);
    assert.equal(cutOf("SplitV", [[4, 3], [2], []], [2, 3], [axis]), undefined);
  }
});

Deno.test("elementwise ops take a piece of what has the batch's axis, all of the others", () => {
  const inputsOf = (...shapes: number[][]) => cutOf("Mul", shapes, [4, 4, 3])?.inputs;
  assert.deepEqual(inputsOf([4, 4, 3], [4, 1, 1]), ["piece", "piece"]);
  assert.deepEqual(inputsOf([4, 4, 3], [1, 4, 3]), ["piece", "whole"]);
  assert.deepEqual(inputsOf([4, 3], [4, 4, 3]), ["whole", "piece"]); // its 4 is another axis
  assert.deepEqual(inputsOf([], [4, 4, 3]), ["whole", "piece"]);
});
