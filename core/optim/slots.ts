import * as tf from "@tensorflow/tfjs";
import type { NamedVariable } from "../layers/parameters.ts";

/** A variable and its zero-initialized companions. */
export interface Slotted extends NamedVariable {
  /** Its slots, in the order of their names. */
  readonly slots: readonly tf.Variable[];
}

/** The state of an optimizer: slots of each variable, and scalars. */
export interface SlotStore {
  /** The variable at `path`. */
  get(path: string): Slotted | undefined;
  /** The scalar called `name`. */
  scalar(name: string): tf.Variable;
  /** Every slot with its path, for checkpoints. */
  all(): NamedVariable[];
  /** Sets every slot to what it begins with. */
  reset(): void;
  /** Makes slots of new variables, and forgets those of variables that are gone. */
  sync(variables: readonly NamedVariable[]): void;
  /** Gives all slots back. */
  dispose(): void;
}

/** Makes tfjs's own names unique in the process; they are never stored. */
let created = 0;

/**
 * Slots of zeros for each variable, and scalars of zero.
 * @param prefix of every path, e.g. "adam"
 * @param slotNames one slot each a variable
 * @param scalarNames scalars of the optimizer itself
 */
export function createSlots(
  prefix: string,
  slotNames: readonly string[],
  scalarNames: readonly string[],
): SlotStore {
  const entries = new Map<string, Slotted>();
  const scalars = new Map(scalarNames.map((name) => [name, zeroVariable([], `${prefix}/${name}`)]));
  const frozen = (path: string, variable: tf.Variable): NamedVariable => ({
    path: `${prefix}/${path}`,
    variable,
    trainable: false,
    learningRateMultiplier: 1,
    equalized: false,
  });
  const all = () => [
    ...[...scalars].map(([name, variable]) => frozen(name, variable)),
    ...[...entries.values()].flatMap((e) =>
      e.slots.map((slot, i) => frozen(`${e.path}/${slotNames[i]}`, slot))
    ),
  ];
  return {
    all,
    get: (path) => entries.get(path),
    scalar: (name) => scalars.get(name)!, // only names given above are asked for
    reset() {
      for (const { variable } of all()) {
        const zeros = tf.zeros(variable.shape);
        variable.assign(zeros);
        zeros.dispose();
      }
    },
    sync(variables) {
      const before = new Map(entries);
      entries.clear();
      for (const v of variables) {
        const known = before.get(v.path);
        const fits = known && `${known.slots[0]?.shape}` === `${v.variable.shape}`;
        const slots = fits
          ? known.slots
          : slotNames.map((name) => zeroVariable(v.variable.shape, `${prefix}/${v.path}/${name}`));
        if (fits) before.delete(v.path);
        entries.set(v.path, { ...v, slots });
      }
      for (const { slots } of before.values()) slots.forEach((s) => s.dispose());
    },
    dispose() {
      for (const { variable } of all()) variable.dispose();
      entries.clear();
      scalars.clear();
    },
  };
}

function zeroVariable(shape: number[], name: string): tf.Variable {
  const zeros = tf.zeros(shape);
  const variable = tf.variable(zeros, false, `${name}#${created++}`);
  zeros.dispose();
  return variable;
}
