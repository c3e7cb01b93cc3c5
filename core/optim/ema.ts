import * as tf from "@tensorflow/tfjs";
import { elementwise } from "./elementwise.ts";
import type { NamedVariable } from "../layers/parameters.ts";

/** A moving average of a network's weights, with which samples are drawn. */
export interface Ema {
  /**
   * average ← average + (1 − decay) · (live − average), as pure tensor code for a recorded step.
   * @param decay 0 … 1; see {@linkcode emaDecay}
   */
  update(decay: tf.Scalar | number): void;
  /** Runs `fn` with the averages in the live variables, then restores the live values. */
  withAverage<T>(fn: () => T): T;
  /** The averages, for checkpoints. */
  variables(): NamedVariable[];
  /** Adopts the variables of a network that grew; new averages start from the live values. */
  sync(variables: readonly NamedVariable[]): void;
  /** Disposes the averages. */
  dispose(): void;
}

/** Makes tfjs's variable names unique in the process; they are never stored. */
let created = 0;

/**
 * An exponential moving average of a network's weights (Karras et al. 2018, section 6; Yazıcı et
 * al. 2019).
 * @param variables of the network; the average starts from their values
 */
export function createEma(variables: readonly NamedVariable[]): Ema {
  const entries = new Map<string, { live: NamedVariable; average: tf.Variable }>();
  const sync: Ema["sync"] = (variables) => {
    const before = new Map(entries);
    entries.clear();
    for (const live of variables) {
      const known = before.get(live.path);
      const keep = known && `${known.average.shape}` === `${live.variable.shape}`;
      if (keep) before.delete(live.path);
      const average = keep ? known.average : copyOf(live);
      entries.set(live.path, { live, average });
    }
    for (const { average } of before.values()) average.dispose();
  };
  sync(variables);
  return {
    sync,
    update: (decay) =>
      tf.tidy(() => {
        const pace = tf.sub(1, decay);
        const list = [...entries.values()];
        const averages = elementwise(
          list.map(({ live, average }) => [live.variable, average]),
          // the columns of the rows
          (live, average) => [tf.add(average!, tf.mul(tf.sub(live!, average!), pace))],
        );
        list.forEach(({ average }, i) => average.assign(averages[i]![0]!)); // one result per row
      }),
    withAverage(fn) {
      const saved = [...entries.values()].map((e) => ({ ...e, value: e.live.variable.clone() }));
      try {
        for (const { live, average } of saved) live.variable.assign(average);
        return fn();
      } finally {
        for (const { live, value } of saved) {
          live.variable.assign(value);
          value.dispose();
        }
      }
    },
    variables: () =>
      [...entries.values()].map(({ live, average }) => ({
        path: `ema/${live.path}`,
        variable: average,
        trainable: false,
        learningRateMultiplier: 1,
        equalized: false,
      })),
    dispose() {
      for (const { average } of entries.values()) average.dispose();
      entries.clear();
    },
  };
}

function copyOf({ path, variable }: NamedVariable): tf.Variable {
  const value = variable.clone();
  const copy = tf.variable(value, false, `ema/${path}#${created++}`);
  value.dispose();
  return copy;
}

/**
 * The decay that halves the weight of an image after `halfLifeImages` further images: ½^(batchSize
 * / halfLifeImages) (Karras et al. 2020, "Analyzing and Improving", appendix B).
 * @param batchSize images per step
 * @param halfLifeImages images
 */
export function emaDecay(batchSize: number, halfLifeImages: number): number {
  return 0.5 ** (batchSize / halfLifeImages);
}
