/**
 * Registers ops as methods of tensors: `x.add(y)` for `tf.add(x, y)`. tfjs-core declares them in
 * its types but registers them in files that only bundlers can load.
 */
import * as tf from "@tensorflow/tfjs-core";
import type {} from "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.d.ts";

/** Methods that call the op of the same name with the tensor as its first argument. */
const SAME = `
  abs acos acosh add all any argMax argMin asin asinh atan atan2 atanh avgPool batchNorm
  batchToSpaceND broadcastTo cast ceil clipByValue conv1d conv2d conv2dTranspose cos cosh cumprod
  cumsum depthToSpace depthwiseConv2d dilation2d div divNoNan dot elu equal erf euclideanNorm exp
  expandDims expm1 fft floor floorDiv gather greater greaterEqual ifft irfft isFinite isInf isNaN
  leakyRelu less lessEqual localResponseNormalization log log1p logicalAnd logicalNot logicalOr
  logicalXor logSigmoid logSoftmax logSumExp matMul max maximum maxPool mean min minimum mirrorPad
  mod mul neg norm notEqual oneHot onesLike pad pool pow prelu prod reciprocal relu relu6 reshape
  reverse rfft round rsqrt selu separableConv2d sigmoid sign sin sinh slice softmax softplus
  spaceToBatchND split sqrt square squaredDifference squeeze step stridedSlice sub sum tan tanh
  tile topk transpose unique unsortedSegmentSum unstack zerosLike
`.trim().split(/\s+/);

/** An op's arguments after its tensor. */
type Rest<Op> = Op extends (first: never, ...rest: infer Rest) => unknown ? Rest : never;
type Method = (this: tf.Tensor, ...args: never[]) => unknown;

const withRest = (first: tf.Tensor, rest: tf.Tensor | tf.Tensor[]) => [first].concat(rest);
const asShape: Method = function (...shape: number[]) {
  return tf.reshape(this, shape);
};

const DIFFERENT: Record<string, Method> = {
  asScalar() {
    return tf.reshape(this, []);
  },
  as1D() {
    return tf.reshape(this, [this.size]);
  },
  flatten() {
    return tf.reshape(this, [this.size]);
  },
  as2D: asShape,
  as3D: asShape,
  as4D: asShape,
  as5D: asShape,
  asType(dtype: tf.DataType) {
    return tf.cast(this, dtype);
  },
  toBool() {
    return tf.cast(this, "bool");
  },
  toFloat() {
    return tf.cast(this, "float32");
  },
  toInt() {
    return tf.cast(this, "int32");
  },
  reshapeAs(other: tf.Tensor) {
    return tf.reshape(this, other.shape);
  },
  concat(others: tf.Tensor | tf.Tensor[], axis?: number) {
    return tf.concat(withRest(this, others), axis);
  },
  stack(others: tf.Tensor | tf.Tensor[], axis?: number) {
    return tf.stack(withRest(this, others), axis);
  },
  resizeBilinear(...args: Rest<typeof tf.image.resizeBilinear>) {
    return tf.image.resizeBilinear(this as tf.Tensor3D, ...args);
  },
  resizeNearestNeighbor(...args: Rest<typeof tf.image.resizeNearestNeighbor>) {
    return tf.image.resizeNearestNeighbor(this as tf.Tensor3D, ...args);
  },
  where(condition: tf.Tensor, other: tf.Tensor) {
    return tf.where(condition, this, other);
  },
};

// The ops' types vary too much for one signature; the ops check their arguments themselves.
const ops = tf as unknown as Record<string, (...args: unknown[]) => unknown>;
const methods = tf.Tensor.prototype as unknown as Record<string, unknown>;

for (const name of SAME) {
  const op = ops[name];
  if (!op) throw new TypeError(`Cannot make methods of tensors: tfjs-core has no op "${name}"`);
  methods[name] = function (this: tf.Tensor, ...args: unknown[]) {
    this.throwIfDisposed();
    return op(this, ...args);
  };
}
Object.assign(methods, DIFFERENT);
