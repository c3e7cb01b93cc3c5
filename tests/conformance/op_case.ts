/** Tests one operation on a backend: its value, its gradients, and what a penalty needs. */
import * as tf from "@tensorflow/tfjs";
import "../../core/ops/mod.ts"; // registers gradients that tfjs lacks
import { Random, seedFor } from "../../core/random.ts";

/** A random float32 input, uniform between the bounds (default -1 … 1). */
export interface Input {
  shape: number[];
  minimum?: number;
  maximum?: number;
  /** Integers 0 … maximum − 1. */
  whole?: boolean;
}

/** Integers from 0, below `maximum`. */
export function whole(shape: number[], maximum: number): Input {
  return { shape, minimum: 0, maximum, whole: true };
}

/** An operation and how to test it. */
export interface OpCase {
  name: string;
  inputs: readonly Input[];
  run(inputs: tf.Tensor[]): tf.Tensor;
  /** False if tfjs has no gradient, or there is none. */
  gradient?: boolean;
  /**
   * Whether to test the gradient of the squared gradient, with respect to all inputs or to these.
   */
  second?: boolean | readonly number[];
}

/** The results as plain data. */
export interface OpResult {
  value: { shape: number[]; values: number[] };
  /** One for each input. */
  gradients: number[][];
  second: number[][];
}

/**
 * Runs a case on the current backend and frees everything. Values are read asynchronously, as
 * WebGPU requires.
 */
export async function runCase(test: OpCase): Promise<OpResult> {
  const scope = tf.engine();
  scope.startScope(test.name);
  try {
    const inputs = test.inputs.map((input, i) => makeInput(test.name, input, i));
    const y = test.run(inputs);
    const result: OpResult = {
      value: { shape: y.shape, values: await numbers(y) },
      gradients: [],
      second: [],
    };
    if (test.gradient === false) return result;
    // A sum with unequal weights, so that no gradient is trivially constant.
    const weights = waves(y.shape);
    const gradient = tf.grads((...args) => tf.sum(tf.mul(test.run(args), weights)));
    result.gradients = await Promise.all(gradient(inputs).map(numbers));
    if (!test.second) return result;
    const chosen = test.second === true ? inputs.map((_, i) => i) : test.second;
    const penalty = tf.grads((...varied) => {
      const args = inputs.map((input, i) => varied[chosen.indexOf(i)] ?? input);
      return tf.addN(gradient(args).map((g) => tf.sum(tf.square(g))));
    });
    const second = penalty(chosen.map((i) => inputs[i]!)); // indices of inputs
    result.second = await Promise.all(second.map(numbers));
    return result;
  } finally {
    scope.endScope();
  }
}

/** The random input of a case. */
export function makeInput(name: string, input: Input, index: number): tf.Tensor {
  const { shape, minimum = -1, maximum = 1 } = input;
  const random = new Random(seedFor(1, name, index));
  const size = shape.reduce((product, n) => product * n, 1);
  const values = Float32Array.from({ length: size }, () => {
    const x = minimum + (maximum - minimum) * random.uniform();
    return input.whole ? Math.floor(x) : x;
  });
  return tf.tensor(values, shape);
}

/** Different numbers of both signs. */
export function waves(shape: number[]): tf.Tensor {
  const size = shape.reduce((product, n) => product * n, 1);
  return tf.tensor(Float32Array.from({ length: size }, (_, i) => Math.cos(i) + 0.1), shape);
}

async function numbers(tensor: tf.Tensor): Promise<number[]> {
  return Array.from(await tensor.data());
}

/** Narrows an input that has rank 4. */
export const t4 = (t: tf.Tensor) => t as tf.Tensor4D;
