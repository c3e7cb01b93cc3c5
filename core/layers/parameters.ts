import * as tf from "@tensorflow/tfjs";
import { Random, seedFor } from "../random.ts";
import type { RankOf, Shape } from "../shape.ts";
import { type Initializer, zeros } from "./initializers.ts";

/** A variable of a network and how it is trained. */
export interface NamedVariable {
  /** Stable key, e.g. "generator/8x8/conv0/weight". */
  readonly path: string;
  /** Its current value; assigned, never replaced. */
  readonly variable: tf.Variable;
  /** Whether optimizers update it. */
  readonly trainable: boolean;
  /** Factor of the optimizer's learning rate. */
  readonly learningRateMultiplier: number;
  /**
   * Whether the layer scales it at run time, so that it is initialized as N(0, 1): an equalized
   * learning rate.
   */
  readonly equalized: boolean;
}

/** How a variable is trained. */
export interface VariableOptions {
  /** Default true. */
  trainable?: boolean;
  /** Default 1. */
  learningRateMultiplier?: number;
  /** Default false. */
  equalized?: boolean;
}

/** A named tree of the variables of one network. */
export interface Parameters {
  /** The path prefix of all variables here, e.g. "generator/8x8". */
  readonly path: string;
  /** The child `name`; its path is appended with "/". */
  scope(name: string): Parameters;
  /**
   * Creates a variable here. Its initial value depends only on the seed and its path.
   * @throws RangeError if the path already exists
   */
  variable<const S extends Shape>(
    name: string,
    shape: S,
    init: Initializer,
    options?: VariableOptions,
  ): tf.Variable<RankOf<S>>;
  /** All variables here and below, in order of creation. */
  variables(): NamedVariable[];
  /** The trainable ones of {@linkcode variables}. */
  trainable(): NamedVariable[];
  /** Disposes all variables here and below, and forgets them. */
  remove(): void;
}

/** Whether initialization is skipped, see {@linkcode withoutFirstValues}. */
let isBlank = false;

/**
 * Builds or grows networks of which only the shapes matter: their variables are initialized to
 * zero, because drawing a million normal numbers takes as long as a training step.
 */
export function withoutFirstValues<T>(build: () => T): T {
  const before = isBlank;
  isBlank = true;
  try {
    return build();
  } finally {
    isBlank = before;
  }
}

/** Makes tfjs's variable names unique in the process; they are never stored. */
let created = 0;

/**
 * An empty tree.
 * @param network its name, the first part of each path
 * @param seed of the first values
 *
 * @example
 * ```ts
 * import { createParameters, zeros } from "cambium";
 *
 * const generator = createParameters("generator", 1);
 * generator.scope("4x4").variable("bias", [8], zeros);
 * console.assert(generator.variables()[0]?.path === "generator/4x4/bias");
 * generator.remove();
 * ```
 */
export function createParameters(network: string, seed: number): Parameters {
  return scopeOf(new Map(), network, seed);
}

function scopeOf(all: Map<string, NamedVariable>, path: string, seed: number): Parameters {
  const below = () => [...all.values()].filter((v) => v.path.startsWith(path + "/"));
  return {
    path,
    scope: (name) => scopeOf(all, join(path, name), seed),
    variable<const S extends Shape>(
      name: string,
      shape: S,
      init: Initializer,
      options: VariableOptions = {},
    ) {
      const { trainable = true, learningRateMultiplier = 1, equalized = false } = options;
      const key = join(path, name);
      if (all.has(key)) {
        throw new RangeError(
          `Cannot create variable "${key}": expected a new path, received one that exists. ` +
            `Use another scope() or name`,
        );
      }
      const sizes = [...shape];
      const values = (isBlank ? zeros : init)(sizes, new Random(seedFor(seed, key)));
      const first = tf.tensor<RankOf<S>>(values, sizes as tf.ShapeMap[RankOf<S>]); // of that rank
      const variable = tf.variable(first, trainable, `${key}#${created++}`);
      first.dispose();
      all.set(key, { path: key, variable, trainable, learningRateMultiplier, equalized });
      return variable;
    },
    variables: below,
    trainable: () => below().filter((v) => v.trainable),
    remove() {
      for (const { path, variable } of below()) {
        all.delete(path);
        variable.dispose();
      }
    },
  };
}

function join(path: string, name: string): string {
  if (name === "" || name.includes("/")) {
    throw new RangeError(
      `Cannot name a part of "${path}": expected a name without "/", received "${name}"`,
    );
  }
  return `${path}/${name}`;
}
