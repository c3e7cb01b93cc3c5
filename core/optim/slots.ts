import * as tf from "@tensorflow/tfjs";
import type { NamedVariable } from "../layers/parameters.ts";

/** A variable with its slots, which are initialized to zero. */
export interface Slotted extends NamedVariable {
  /** Its slots, in the order of their names. */
  readonly slots: readonly tf.Variable[];
  /**
   * Variables that were added together share their scalars; generation 0 are those since the start
   * or the last reset.
   */
  readonly generation: number;
}

/**
 * The state of an optimizer: slots of each variable, and scalars of each generation of variables.
 */
export interface SlotStore {
  /** The variable at `path`. */
  get(path: string): Slotted | undefined;
  /** The scalar called `name` of a generation. */
  scalar(name: string, generation: number): tf.Variable;
  /** All slots with their paths, for checkpoints. */
  all(): NamedVariable[];
  /** Resets every slot to zero. */
  reset(): void;
  /**
   * Creates slots of new variables, and removes those of variables that no longer exist. New
   * variables form a generation of their own, unless nothing has happened since the last reset.
   */
  sync(variables: readonly NamedVariable[]): void;
  /** Disposes all slots. */
  dispose(): void;
}

/** Makes tfjs's variable names unique in the process; they are never stored. */
let created = 0;

/**
 * Creates slots of zeros for each variable, and scalars of zero.
 * @param prefix of every path, e.g. "adam"
 * @param slotNames names of the slots that each variable has
 * @param scalarNames scalars of the optimizer itself
 */
export function createSlots(
  prefix: string,
  slotNames: readonly string[],
  scalarNames: readonly string[],
): SlotStore {
  const entries = new Map<string, Slotted>();
  /** "<name>" for generation 0, "<name>/<generation>" for later ones. */
  const scalars = new Map<string, tf.Variable>();
  const scalarPath = (name: string, generation: number) =>
    generation === 0 ? name : `${name}/${generation}`;
  const addScalars = (generation: number) => {
    for (const name of scalarNames) {
      const path = scalarPath(name, generation);
      scalars.set(path, zeroVariable([], `${prefix}/${path}`));
    }
  };
  const removeScalars = (generation: number) => {
    for (const name of scalarNames) {
      const path = scalarPath(name, generation);
      scalars.get(path)?.dispose();
      scalars.delete(path);
    }
  };
  const generations = () => new Set([...entries.values()].map((e) => e.generation));
  addScalars(0);
  let fresh = true; // no sync since the start or the last reset
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
    // Only names given above and generations of entries are requested.
    scalar: (name, generation) => scalars.get(scalarPath(name, generation))!,
    reset() {
      for (const generation of generations()) if (generation > 0) removeScalars(generation);
      for (const [path, entry] of entries) entries.set(path, { ...entry, generation: 0 });
      fresh = true;
      for (const { variable } of all()) {
        const zeros = tf.zeros(variable.shape);
        variable.assign(zeros);
        zeros.dispose();
      }
    },
    sync(variables) {
      const before = new Map(entries), old = generations();
      const generation = fresh ? 0 : Math.max(0, ...old) + 1;
      entries.clear();
      for (const v of variables) {
        const known = before.get(v.path);
        const fits = known && `${known.slots[0]?.shape}` === `${v.variable.shape}`;
        const slots = fits
          ? known.slots
          : slotNames.map((name) => zeroVariable(v.variable.shape, `${prefix}/${v.path}/${name}`));
        if (fits) before.delete(v.path);
        entries.set(v.path, { ...v, slots, generation: fits ? known.generation : generation });
      }
      for (const { slots } of before.values()) slots.forEach((s) => s.dispose());
      const now = generations();
      if (now.has(generation) && !old.has(generation) && generation > 0) addScalars(generation);
      for (const gone of old) if (gone > 0 && !now.has(gone)) removeScalars(gone);
      fresh = false;
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
