/**
 * Counter-based random numbers: every draw is a pure function of (run seed, stream, index), so that
 * prefetching, restarts and the order of calls don't change a run.
 *
 * Host draws (data order, flips, initial weights) use {@linkcode Random}; draws inside a step use
 * {@linkcode randomNormal}, {@linkcode randomUniform} under {@linkcode withSeed}, and are computed
 * by Philox4x32-10 (Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011).
 */
import * as tf from "@tensorflow/tfjs";
import type { Shape, TensorOf } from "./shape.ts";

/** 64 bits as two unsigned 32-bit words; the key of a family of draws. */
export type Seed = readonly [number, number];

/** splitmix32-style avalanche of one word. */
function mix(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return (x ^ (x >>> 15)) >>> 0;
}

function hashText(text: string, salt: number): number {
  let h = mix(salt ^ 0x9e3779b9);
  for (let i = 0; i < text.length; i++) h = mix(h ^ text.charCodeAt(i));
  return h;
}

/**
 * The seed of one event in one stream of a run.
 * @param seed the run's seed, an integer
 * @param stream what the draws are for, e.g. "discriminator" or "flip"
 * @param index the event's number, e.g. of a step or sample, up to 2^53
 */
export function seedFor(seed: number, stream: string, index = 0): Seed {
  const low = index >>> 0, high = Math.floor(index / 2 ** 32) >>> 0;
  const a = mix(mix(hashText(stream, seed >>> 0) ^ low) ^ high);
  const b = mix(mix(hashText(stream, (seed ^ 0x5bd1e995) >>> 0) + low) + high + 0x632be59b);
  return [a, b];
}

/** One Philox4x32-10 block: 4 words from a 4-word counter and a 2-word key. */
export function philox(
  counter: readonly [number, number, number, number],
  key: Seed,
): [number, number, number, number] {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const [h0, l0] = mulHiLo(0xd2511f53, c0), [h1, l1] = mulHiLo(0xcd9e8d57, c2);
    [c0, c1, c2, c3] = [(h1 ^ c1 ^ k0) >>> 0, l1, (h0 ^ c3 ^ k1) >>> 0, l0];
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  return [c0, c1, c2, c3];
}

function mulHiLo(a: number, b: number): [number, number] {
  const aLow = a & 0xffff, aHigh = a >>> 16, bLow = b & 0xffff, bHigh = b >>> 16;
  const low = aLow * bLow, middle = aHigh * bLow + (low >>> 16), cross = aLow * bHigh;
  const carry = (middle & 0xffff) + cross;
  const high = aHigh * bHigh + Math.floor(middle / 65536) + Math.floor(carry / 65536);
  return [high >>> 0, Math.imul(a, b) >>> 0];
}

/** A seeded stream of host numbers (Philox). */
export class Random {
  #seed: Seed;
  #block = 0;
  #words: number[] = [];

  /** Starts the sequence of a seed, see {@linkcode seedFor}. */
  constructor(seed: Seed) {
    this.#seed = seed;
  }

  /** The next 32 bits, unsigned. */
  word(): number {
    if (this.#words.length === 0) this.#words = philox([this.#block++, 0, 0, 0], this.#seed);
    return this.#words.shift()!; // a block has four words
  }

  /** Uniform in [0, 1), 32 bits of resolution. */
  uniform(): number {
    return this.word() / 2 ** 32;
  }

  /** A uniform integer in [0, n). */
  integer(n: number): number {
    return Math.floor(this.uniform() * n);
  }

  /** Standard normal (Box and Muller 1958). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log((this.word() + 1) / 2 ** 32));
    return radius * Math.sin(2 * Math.PI * this.uniform());
  }

  /** `length` standard normal numbers. */
  normals(length: number): Float32Array {
    return Float32Array.from({ length }, () => this.normal());
  }
}

/**
 * A permutation of 0 … n-1 (Fisher and Yates).
 * @param n number of elements
 * @param seed see {@linkcode seedFor}
 */
export function permutation(n: number, seed: Seed): Uint32Array {
  const random = new Random(seed);
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!]; // both indices are in range
  }
  return order;
}

/** A backend's random numbers inside a step; `draw` is the number of the draw under one seed. */
export interface StepRandom {
  /** Uniform float32 in [0, 1). */
  uniform(shape: number[], draw: number): tf.Tensor;
  /** Standard normal float32. */
  normal(shape: number[], draw: number): tf.Tensor;
}

let current: { random: StepRandom; draws: number } | undefined;

/**
 * Runs `fn` with its random draws taken from `random`; backends call it around a step.
 * Draws are numbered from 0 in the order of the calls.
 */
export function withStepRandom<T>(random: StepRandom, fn: () => T): T {
  const outer = current;
  current = { random, draws: 0 };
  try {
    return fn();
  } finally {
    current = outer;
  }
}

function scope(caller: string): { random: StepRandom; draws: number } {
  if (current) return current;
  throw new Error(
    `Cannot draw ${caller}: expected to be inside a compiled step or withSeed(), received a ` +
      `call outside. ` +
      `Wrap the call: withSeed(seedFor(seed, "name"), () => …)`,
  );
}

/** Uniform float32 tensor in [minimum, maximum), drawn from the current step's seed. */
export function randomUniform<const S extends Shape>(
  shape: S,
  minimum = 0,
  maximum = 1,
): TensorOf<S> {
  const s = scope("randomUniform()");
  const unit = s.random.uniform([...shape], s.draws++) as TensorOf<S>; // of that shape
  if (minimum === 0 && maximum === 1) return unit;
  return tf.add<TensorOf<S>>(tf.mul(unit, maximum - minimum), minimum);
}

/** Standard normal float32 tensor, drawn from the current step's seed. */
export function randomNormal<const S extends Shape>(shape: S): TensorOf<S> {
  const s = scope("randomNormal()");
  return s.random.normal([...shape], s.draws++) as TensorOf<S>; // it draws that shape
}

/** Draws in JavaScript: any backend, op by op, outside recording. */
export function hostStepRandom(seed: Seed): StepRandom {
  const words = (length: number, draw: number): Uint32Array => {
    const out = new Uint32Array(Math.ceil(length / 4) * 4);
    for (let block = 0; block * 4 < length; block++) {
      out.set(philox([block, 0, draw, 0], seed), block * 4);
    }
    return out;
  };
  const size = (shape: number[]) => shape.reduce((a, b) => a * b, 1);
  // TensorFlow's own conversions: 23 bits of mantissa; Box-Muller on pairs of words.
  const unit = (word: number) => (word & 0x7fffff) / 0x800000;
  return {
    uniform(shape, draw) {
      const bits = words(size(shape), draw);
      return tf.tensor(Float32Array.from({ length: size(shape) }, (_, i) => unit(bits[i]!)), shape);
    },
    normal(shape, draw) {
      const n = size(shape), bits = words(n + (n & 1), draw), out = new Float32Array(n + (n & 1));
      for (let i = 0; i < n; i += 2) {
        const radius = Math.sqrt(-2 * Math.log(Math.max(unit(bits[i]!), 1e-7)));
        const angle = 2 * Math.PI * unit(bits[i + 1]!);
        out[i] = radius * Math.sin(angle);
        out[i + 1] = radius * Math.cos(angle);
      }
      return tf.tensor(out.subarray(0, n), shape);
    },
  };
}

/**
 * Runs `fn` with draws by {@linkcode hostStepRandom}: for sampling and tests, outside a compiled
 * step.
 */
export function withSeed<T>(seed: Seed, fn: () => T): T {
  return withStepRandom(hostStepRandom(seed), fn);
}
