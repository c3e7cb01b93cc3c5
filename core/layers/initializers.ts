import type { Random } from "../random.ts";

/**
 * Computes the initial values of a variable.
 * @param shape of the variable: convolutions [height, width, in, out], dense layers [in, out]
 * @param random the variable's own random stream
 * @returns one value per element of the shape
 */
export type Initializer = (shape: number[], random: Random) => Float32Array;

const size = (shape: number[]) => shape.reduce((a, b) => a * b, 1);

/** All 0. */
export const zeros: Initializer = (shape): Float32Array => new Float32Array(size(shape));

/** All 1. */
export const ones: Initializer = (shape): Float32Array => new Float32Array(size(shape)).fill(1);

/** All `value`. */
export function constant(value: number): Initializer {
  return (shape) => new Float32Array(size(shape)).fill(value);
}

/** Normal with mean 0 and the given standard deviation. */
export function normal(deviation = 1): Initializer {
  return (shape, random) => random.normals(size(shape)).map((v) => v * deviation);
}

/** Inputs per output of a weight: the product of all dimensions but the last. */
export function fanIn(shape: readonly number[]): number {
  return shape.slice(0, -1).reduce((a, b) => a * b, 1);
}

/**
 * Normal with standard deviation gain / √fanIn (He et al. 2015): for layers without an equalized
 * learning rate.
 * @param gain √2 suits ReLU, 1 a linear layer
 */
export function heNormal(gain = Math.SQRT2): Initializer {
  return (shape, random) => normal(gain / Math.sqrt(fanIn(shape)))(shape, random);
}
