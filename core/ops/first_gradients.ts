/**
 * Corrects first-order gradients of tfjs 4.22 that are wrong; importing this module is enough.
 *
 * tfjs's gradient of mirror padding omits the contribution of the padding, that of a resize with
 * half-pixel centers reads other pixels than the resize did, and that of a cumulative sum along any
 * axis but the last is transposed. All of these ops are linear: the gradient is the adjoint, built
 * from differentiable ops.
 */
import * as tf from "@tensorflow/tfjs";

tf.registerGradient({
  kernelName: "MirrorPad",
  gradFunc(dy, _saved, attributes) {
    const { paddings, mode } = attributes as unknown as MirrorPadAttributes; // this kernel's
    const edge = mode === "reflect" ? 1 : 0; // pixels at the border that are not shown again
    const fold = (sum: tf.Tensor, [before, after]: [number, number], axis: number) =>
      before + after === 0 ? sum : foldBack(sum, axis, { before, after, edge });
    return { x: () => paddings.reduce(fold, dy as tf.Tensor) }; // one output
  },
});

interface MirrorPadAttributes {
  paddings: [number, number][];
  mode: "reflect" | "symmetric";
}

/** Adds the mirrored padding along an axis to the pixels that it repeats. */
function foldBack(
  x: tf.Tensor,
  axis: number,
  { before, after, edge }: { before: number; after: number; edge: number },
): tf.Tensor {
  const length = x.shape[axis]! - before - after; // an axis of the tensor
  const part = (first: number, size: number) =>
    tf.slice(
      x,
      x.shape.map((_, i) => i === axis ? first : 0),
      x.shape.map((side, i) => i === axis ? size : side),
    );
  const mirrored = (first: number, size: number, to: number) =>
    tf.pad(
      tf.reverse(part(first, size), axis),
      x.shape.map((_, i) => i === axis ? [to, length - to - size] : [0, 0]),
    );
  let sum = part(before, length);
  if (before > 0) sum = tf.add(sum, mirrored(0, before, edge));
  if (after > 0) sum = tf.add(sum, mirrored(before + length, after, length - edge - after));
  return sum;
}

for (const kernelName of ["ResizeBilinear", "ResizeNearestNeighbor"] as const) {
  const original = tf.getGradient(kernelName);
  tf.registerGradient({
    ...original,
    gradFunc(dy, saved, attributes) {
      const { halfPixelCenters } = attributes as { halfPixelCenters?: boolean }; // this kernel's
      if (!halfPixelCenters) return original.gradFunc(dy, saved, attributes);
      // this kernel saves its images and has one output
      return { images: () => resizeAdjoint(kernelName, dy as tf.Tensor4D, saved[0]!.shape) };
    },
  });
}

/** rowsᵀ · dy · columns, from [N, h, w, C] to [N, H, W, C]. */
function resizeAdjoint(
  kernel: "ResizeBilinear" | "ResizeNearestNeighbor",
  dy: tf.Tensor4D,
  shape: readonly number[],
): tf.Tensor4D {
  const [batch, rows, columns, channels] = dy.shape;
  const [, height, width] = shape as [number, number, number, number]; // images
  const down = tf.reshape<tf.Rank.R3>(dy, [batch, rows, columns * channels]);
  const tall = tf.matMul<tf.Tensor3D>(resizeRows(kernel, height, rows), down, true);
  const across = tf.reshape<tf.Rank.R3>(tall, [batch * height, columns, channels]);
  const wide = tf.matMul<tf.Tensor3D>(resizeRows(kernel, width, columns), across, true);
  return tf.reshape(wide, [batch, height, width, channels]);
}

/** The resize as a matrix [1, to, from]: resizes the identity, one channel per pixel. */
function resizeRows(
  kernel: "ResizeBilinear" | "ResizeNearestNeighbor",
  from: number,
  to: number,
): tf.Tensor3D {
  const pixels = tf.reshape<tf.Rank.R4>(tf.eye(from), [1, from, 1, from]);
  const resized = kernel === "ResizeBilinear"
    ? tf.image.resizeBilinear(pixels, [to, 1], false, true)
    : tf.image.resizeNearestNeighbor(pixels, [to, 1], false, true);
  return tf.reshape(resized, [1, to, from]);
}

tf.registerGradient({
  kernelName: "Cumsum",
  gradFunc(dy, _saved, attributes) {
    const { axis, exclusive, reverse } = attributes as unknown as CumsumAttributes; // its own
    return { x: () => tf.cumsum(dy as tf.Tensor, axis, exclusive, !reverse) }; // one output
  },
});

interface CumsumAttributes {
  axis: number;
  exclusive: boolean;
  reverse: boolean;
}
