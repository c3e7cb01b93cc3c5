/**
 * Derives a latent, class and noise from a seed; they are the same wherever the seed is used. All
 * functions throw a RangeError for an invalid seed.
 */
import { hostStepRandom, Random, seedFor, type StepRandom } from "../random.ts";
import { expectSeed } from "../seed.ts";

/** The latent of a seed: standard normal, [size]. It does not depend on the run's own seed. */
export function latentOf(seed: number, size: number): Float32Array {
  return new Random(seedFor(expectSeed(seed), "sample/latent")).normals(size);
}

/** The class that a seed has by default, 0 … count - 1. */
export function labelOf(seed: number, count: number): number {
  return new Random(seedFor(expectSeed(seed), "sample/label")).integer(count);
}

/** A random source for a seed's noise maps. */
export function noiseOf(seed: number): StepRandom {
  return hostStepRandom(seedFor(expectSeed(seed), "sample/noise"));
}
