/** Changes to a generator's weights that pivotal tuning makes for a picture. */
import * as tf from "@tensorflow/tfjs";
import type { LoadedRun } from "../loaded_run.ts";

/** Differences that are added to weights, by path; other weights stay as they are. */
export type WeightChange = ReadonlyMap<string, Float32Array>;

/** A change and the share of it that is applied. */
export interface WeightShare {
  /** Name of the picture that it belongs to. */
  name: string;
  change: WeightChange;
  /** 0: not applied, 1: fully applied. */
  share: number;
}

/** Blends the shares of two images' changes by factors; shares of the same picture are added. */
export function blendedShares(
  a: readonly WeightShare[] = [],
  partOfA: number,
  b: readonly WeightShare[] = [],
  partOfB: number,
): WeightShare[] {
  const shares = new Map<string, WeightShare>();
  for (const [all, part] of [[a, partOfA], [b, partOfB]] as const) {
    for (const one of all) {
      const share = (shares.get(one.name)?.share ?? 0) + part * one.share;
      shares.set(one.name, { ...one, share });
    }
  }
  return [...shares.values()].filter(({ share }) => share !== 0);
}

/** Whether two images are drawn with the same weights. */
export function haveSameWeights(
  a: readonly WeightShare[] = [],
  b: readonly WeightShare[] = [],
): boolean {
  const text = (shares: readonly WeightShare[]) =>
    shares.map(({ name, share }) => `${name} ${share}`).sort().join();
  return text(a) === text(b);
}

/**
 * Runs synchronous tensor code with the changes applied to the generator's weights, then restores
 * them.
 */
export function withChanges<T>(
  run: Pick<LoadedRun, "model">,
  shares: readonly WeightShare[] | undefined,
  fn: () => T,
): T {
  if (!shares || shares.length === 0) return fn();
  const variables = new Map(
    run.model.generator.variables().map(({ path, variable }) => [path, variable]),
  );
  const saved: { variable: tf.Variable; value: tf.Tensor }[] = [];
  try {
    for (const { change, share } of shares) {
      for (const [path, numbers] of change) {
        const variable = variables.get(path)!; // checked by readProjection()
        saved.push({ variable, value: variable.clone() });
        tf.tidy(() => {
          const step = tf.mul(tf.tensor(numbers, variable.shape), share);
          variable.assign(tf.add(variable, step));
        });
      }
    }
    return fn();
  } finally {
    for (const { variable, value } of saved.reverse()) {
      variable.assign(value);
      value.dispose();
    }
  }
}
