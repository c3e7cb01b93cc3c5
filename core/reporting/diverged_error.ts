import { kebabCase } from "../config/schema.ts";
import { penaltyWeights } from "../losses/penalty_by_name.ts";

/** A loss or a weight became NaN or infinite; the run stops and keeps its last checkpoint. */
export class DivergedError extends Error {
  /** "DivergedError". */
  override name = "DivergedError";
  /** The loss term, or the path of the weight, that is not finite. */
  readonly term: string;

  /** @param of the term's owner, e.g. `plugin "mine"` */
  constructor(term: string, value: number, imagesSeen: number, of?: string) {
    const weights = penaltyWeights().map(({ weight }) => "--" + kebabCase(weight.option));
    super(
      `Training diverged at ${imagesSeen} images: expected every loss and weight to be finite, ` +
        `received ${value} in "${term}"${of === undefined ? "" : ` of ${of}`}. ` +
        `Resume from the last checkpoint with --force, or begin anew where there is none, with a ` +
        `lower --learning-rate or a stronger penalty (${weights.join(", ")})`,
    );
    this.term = term;
  }
}

/**
 * Checks that everything a cycle measured is finite.
 * @param writerOf the owner of a value, in words
 * @throws DivergedError naming the first value that is not finite, preferring loss terms
 */
export function assertFinite(
  values: Readonly<Record<string, number>>,
  imagesSeen: number,
  writerOf: (name: string) => string | undefined = () => undefined,
): void {
  const bad = Object.entries(values).filter(([, value]) => !Number.isFinite(value));
  if (bad.length === 0) return;
  const [name, value] = bad.find(([name]) => name.startsWith("term/")) ?? bad[0]!; // not empty
  throw new DivergedError(name.replace("term/", ""), value, imagesSeen, writerOf(name));
}
