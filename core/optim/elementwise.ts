import * as tf from "@tensorflow/tfjs";

/**
 * Tensors of up to this many elements are concatenated: below that, launching an op costs more than
 * its arithmetic.
 */
const SMALL = 4096;

/**
 * Applies an elementwise computation to many rows of equally shaped tensors in few operations, by
 * concatenating the small rows first. A network has about a hundred variables, most of them biases.
 * @param rows each a list of tensors of one shape, e.g. [weights, gradient, slot]
 * @param fn elementwise in all its arguments; receives one tensor per column of the rows
 * @returns for each row the results of `fn`, in the row's shape
 */
export function elementwise(
  rows: readonly (readonly tf.Tensor[])[],
  fn: (...columns: tf.Tensor[]) => tf.Tensor[],
): tf.Tensor[][] {
  const size = (row: readonly tf.Tensor[]) => row[0]!.size; // a row has a tensor
  const small = rows.filter((row) => size(row) <= SMALL);
  const together = new Map(
    small.length > 1 ? transposed(computeTogether(small, fn)).map((r, i) => [small[i], r]) : [],
  );
  return rows.map((row) => together.get(row) ?? fn(...row));
}

/** @returns the results of `fn` for each row */
function computeTogether(
  rows: readonly (readonly tf.Tensor[])[],
  fn: (...columns: tf.Tensor[]) => tf.Tensor[],
): tf.Tensor[][] {
  const shapes = rows.map((row) => row[0]!.shape), sizes = rows.map((row) => row[0]!.size);
  // the reshape makes the rank 1
  const flat = (x: tf.Tensor) => (x.rank === 1 ? x : tf.reshape(x, [-1])) as tf.Tensor1D;
  const columns = transposed(rows).map((column) => tf.concat1d(column.map(flat)));
  return fn(...columns).map((result) =>
    tf.split(result, sizes).map((piece, i) => {
      const shape = shapes[i]!; // one piece per row
      return shape.length === 1 ? piece : tf.reshape(piece, shape);
    })
  );
}

function transposed<T>(lists: readonly (readonly T[])[]): T[][] {
  return lists[0]!.map((_, i) => lists.map((list) => list[i]!)); // the lists are equally long
}
