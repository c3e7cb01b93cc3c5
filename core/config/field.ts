/**
 * Builders of configuration fields: a valibot schema with a default and a description, from which
 * the command line's flags, their help and their errors come.
 *
 * @example
 * ```ts
 * import { object, optionalFieldsOf } from "./mod.ts";
 * import * as field from "./field.ts";
 *
 * const limits = { minimum: 0, maximum: 1 };
 * const schema = object({ mixing: field.number("Probability of mixing", 0.9, limits) });
 * console.assert(optionalFieldsOf(schema)[0]?.flag === "--mixing");
 * ```
 */
import * as v from "valibot";
import { isDuration } from "./duration.ts";

/** A field of a schema: it has a default and a description. */
export type Field<T> = v.OptionalSchema<v.GenericSchema<T>, T>;

/** Bounds of a number, both inclusive. */
export interface Bounds {
  /** Default: no lower bound. */
  minimum?: number;
  /** Default: no upper bound. */
  maximum?: number;
}

function bounded(bounds: Bounds) {
  const { minimum = -Infinity, maximum = Infinity } = bounds;
  const range = minimum === -Infinity
    ? `at most ${maximum}`
    : maximum === Infinity
    ? `at least ${minimum}`
    : `${minimum} … ${maximum}`;
  return v.check<number, string>(
    (x) => x >= minimum && x <= maximum,
    `expected a number ${range}`,
  );
}

/** A number. */
export function number(
  description: string,
  initial: number,
  bounds: Bounds = {},
): Field<number> {
  return v.optional(
    v.pipe(
      v.number("expected a number"),
      v.finite("expected a finite number"),
      bounded(bounds),
      v.description(description),
    ),
    initial,
  );
}

/** A whole number. */
export function integer(
  description: string,
  initial: number,
  bounds: Bounds = {},
): Field<number> {
  return v.optional(
    v.pipe(
      v.number("expected a whole number"),
      v.safeInteger("expected a whole number"),
      bounded(bounds),
      v.description(description),
    ),
    initial,
  );
}

/** Yes or no. */
export function boolean(description: string, initial: boolean): Field<boolean> {
  return v.optional(
    v.pipe(v.boolean("expected true or false"), v.description(description)),
    initial,
  );
}

/**
 * A string.
 * @param what placeholder after the flag in the help: "folder", "file"
 */
export function text(description: string, initial: string, what = "word"): Field<string> {
  return v.optional(
    v.pipe(v.string("expected a text"), v.description(description), v.metadata({ what })),
    initial,
  );
}

/** A duration such as "60m", or "0". */
export function duration(description: string, initial: string): Field<string> {
  return v.optional(
    v.pipe(
      v.string(DURATION),
      v.check(isDuration, DURATION),
      v.description(description),
      v.metadata({ what: "time" }),
    ),
    initial,
  );
}

const DURATION = "expected a time such as 90s, 60m, 8h or 2d, or 0";

/** One of several strings. */
export function choice<const T extends readonly [string, ...string[]]>(
  description: string,
  initial: T[number],
  choices: T,
): Field<T[number]> {
  return v.optional(
    v.pipe(
      v.picklist(choices, `expected one of ${choices.join(", ")}`),
      v.description(description),
    ),
    // T[number] is the same type; valibot derives it differently
    initial as v.InferInput<v.PicklistSchema<T, string>>,
  );
}

/** A list of strings. */
export function texts(description: string, initial: string[]): Field<string[]> {
  return v.optional(
    v.pipe(
      v.array(v.string("expected a text"), "expected a list of texts"),
      v.description(description),
    ),
    initial,
  );
}
