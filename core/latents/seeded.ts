/**
 * What a seed stands for: the same latent, class and noise wherever it is drawn. All throw a
 * RangeError for what is no seed.
 */
import { hostStepRandom, Random, seedFor, type StepRandom } from "../random.ts";
import { expectSeed } from "../seed.ts";

/** The latent of a seed: standard normal, [size]; no run's own seed enters. */
export function latentOf(seed: number, size: number): Float32Array {
  return new Random(seedFor(expectSeed(seed), "sample/latent")).normals(size);
}

/** The class of a seed that none is wanted for, 0 … count - 1. */
export function labelOf(seed: number, count: number): number {
  return new Random(seedFor(expectSeed(seed), "sample/label")).integer(count);
}

/** Draws of a seed's noise maps. */
export function noiseOf(seed: number): StepRandom {
  return hostStepRandom(seedFor(expectSeed(seed), "sample/noise"));
}
