/**
 * Random numbers from TensorFlow's stateless ops: pure functions of the seed, computed on the
 * device.
 */
import type * as tf from "@tensorflow/tfjs";
import type { StepRandom } from "../../../random.ts";
import type { TensorFlowKernels } from "./kernel_backend.ts";
import { AttrKind, DType } from "../binding/dtypes.ts";

const PHILOX = 1; // tensorflow::RNG_ALG_PHILOX

/**
 * Draws the same numbers as {@linkcode hostStepRandom}: Philox4x32-10 keyed by the seed, with the
 * index of the draw as the high word of the counter.
 * @param seed int32[1, 2]: the two words of the seed
 */
export function tensorflowStepRandom(kernels: TensorFlowKernels, seed: tf.Tensor): StepRandom {
  const { binding } = kernels;
  const type = (name: string, value: number) => ({ name, type: AttrKind.TYPE, value });
  const int32 = (shape: number[], values: number[]) =>
    binding.createTensor(shape, DType.INT32, Int32Array.from(values));
  const bitcast = (id: number) =>
    binding.executeOp("Bitcast", [type("T", DType.INT32), type("type", DType.UINT64)], [id], 1)[0]!
      .id; // one output

  const draw = (op: string, shape: number[], index: number): tf.Tensor => {
    const counterWords = int32([2, 2], [0, 0, index, 0]);
    const ids = [
      int32([shape.length], shape),
      bitcast(kernels.handleOf(seed)),
      bitcast(counterWords),
      int32([], [PHILOX]),
    ];
    const attributes = [type("dtype", DType.FLOAT), type("Tshape", DType.INT32)];
    try {
      return kernels.adopt(binding.executeOp(op, attributes, ids, 1)[0]!); // one output
    } finally {
      for (const id of [...ids, counterWords]) binding.deleteTensor(id);
    }
  };
  return {
    uniform: (shape, index) => draw("StatelessRandomUniformV2", shape, index),
    normal: (shape, index) => draw("StatelessRandomNormalV2", shape, index),
  };
}

/** The two words of a seed as values of an int32[1, 2] tensor. */
export function seedValues(seed: readonly [number, number]): Int32Array {
  return Int32Array.of(seed[0] | 0, seed[1] | 0);
}
