import * as tf from "@tensorflow/tfjs";
import { composite } from "./composite.ts";
import { linear } from "./custom_gradient.ts";

/** The interpolation kernel of a resize. */
export type ResizeMethod = "area" | "bilinear" | "bicubic" | "lanczos3" | "imresize";

interface Kernel {
  /** Half width, in source pixels at scale 1. */
  support: number;
  weight: (x: number) => number;
  /**
   * Whether the image is mirrored beyond the border; otherwise the weights inside are renormalized.
   */
  mirrors?: true;
}

const KERNELS: Record<ResizeMethod, Kernel> = {
  area: { support: 0.5, weight: (x) => x > -0.5 && x <= 0.5 ? 1 : 0 },
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { support: 2, weight: cubic },
  lanczos3: { support: 3, weight: (x) => Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0 },
  imresize: { support: 2, weight: cubic, mirrors: true },
};

/**
 * Resizes by two matrix products, with a kernel that is widened for downsampling (antialiasing), as
 * Pillow does; bicubic has a = −0.5 (Keys 1981). "imresize" is bicubic as in MATLAB's function of
 * that name, the reference for measuring super-resolution: it differs where the kernel crosses a
 * border, where it mirrors the image. Since it consists of matrix products, it is differentiable
 * any number of times.
 * @param x [N, H, W, C]
 * @param size [height, width] of the result
 * @param method default "bicubic"
 * @returns [N, height, width, C]
 */
export function resizeMatrix(
  x: tf.Tensor4D,
  size: readonly [number, number],
  method: ResizeMethod = "bicubic",
): tf.Tensor4D {
  const call = { name: "ResizeMatrix", x, attributes: { method, size } };
  return composite(call, () => resizeSides(x, size, method));
}

function resizeSides(
  x: tf.Tensor4D,
  size: readonly [number, number],
  method: ResizeMethod,
): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  let y = x;
  if (size[0] !== height) {
    const rows = tf.reshape<tf.Rank.R3>(x, [batch, height, width * channels]);
    y = tf.reshape(multiplyLeft(interpolationMatrix(height, size[0], method), rows), [
      batch,
      size[0],
      width,
      channels,
    ]);
  }
  if (size[1] !== width) {
    const columns = tf.reshape<tf.Rank.R3>(y, [batch * size[0], width, channels]);
    y = tf.reshape(multiplyLeft(interpolationMatrix(width, size[1], method), columns), [
      batch,
      size[0],
      size[1],
      channels,
    ]);
  }
  return y;
}

/** matrix [M, K] times each of x [B, K, L], with a gradient with respect to `x` only. */
function multiplyLeft(matrix: Float32Array[], x: tf.Tensor3D, transposed = false): tf.Tensor3D {
  const rows = transposed ? matrix[0]!.length : matrix.length; // a matrix has a row
  const columns = transposed ? matrix.length : matrix[0]!.length;
  const flat = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      flat[i * columns + j] = transposed ? matrix[j]![i]! : matrix[i]![j]!; // both in range
    }
  }
  return linear(
    x,
    (x) => tf.matMul<tf.Tensor3D>(tf.tensor3d(flat, [1, rows, columns]), x),
    (dy) => multiplyLeft(matrix, dy, !transposed),
  );
}

/**
 * The matrix that resizes a row of `from` pixels to `to` pixels; each of its rows sums to 1.
 * @param from pixels
 * @param to pixels
 * @param method kernel
 * @returns `to` rows of `from` weights
 */
export function interpolationMatrix(
  from: number,
  to: number,
  method: ResizeMethod,
): Float32Array[] {
  const { support, weight, mirrors } = KERNELS[method];
  const scale = from / to, stretch = Math.max(scale, 1);
  return Array.from({ length: to }, (_, i) => {
    const center = (i + 0.5) * scale, row = new Float64Array(from);
    const first = Math.floor(center - support * stretch + 0.5);
    const last = Math.floor(center + support * stretch + 0.5);
    let sum = 0;
    for (let j = first; j < last; j++) {
      const at = mirrors ? mirrored(j, from) : j;
      if (at < 0 || at >= from) continue;
      const value = weight((j + 0.5 - center) / stretch);
      row[at]! += value; // in range
      sum += value;
    }
    return Float32Array.from(row, (v) => v / sum);
  });
}

/** The index of the pixel at `j` when a row of `length` is continued by its mirror image. */
function mirrored(j: number, length: number): number {
  const at = ((j % (2 * length)) + 2 * length) % (2 * length);
  return at < length ? at : 2 * length - 1 - at;
}

function cubic(x: number): number {
  const t = Math.abs(x), a = -0.5;
  if (t < 1) return ((a + 2) * t - (a + 3)) * t * t + 1;
  return t < 2 ? (((t - 5) * t + 8) * t - 4) * a : 0;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}
