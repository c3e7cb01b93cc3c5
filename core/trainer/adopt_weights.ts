/** A new training begins with the weights of a checkpoint, as far as they fit. */
import type { StoredTensor, StoredTensors } from "../checkpoint/mod.ts";
import type { NamedVariable } from "../layers/mod.ts";
import type { NetworkName } from "../plugin/mod.ts";
import { assignStored, type StoredFiles } from "./snapshot.ts";
import { NETWORKS, type TrainingState } from "./training_state.ts";

/** What became of the arrays of one network, by their paths. */
export interface AdoptedWeights {
  network: NetworkName;
  /** Those that have the checkpoint's values now. */
  taken: string[];
  /** Those that the checkpoint has not, or in another shape: they begin anew. */
  fresh: string[];
  /** Those of the checkpoint that the network has no place for. */
  left: string[];
}

/**
 * Takes weights of the same path and shape over; the average follows the generator. Moments,
 * counters and plugins' states begin anew.
 * @param files of a checkpoint, perhaps of a run with other data, options or resolution
 */
export function adoptWeights(training: TrainingState, files: StoredFiles): AdoptedWeights[] {
  const adopted = NETWORKS.map((network) =>
    adoptNetwork(network, training.network(network).variables(), files[`${network}.safetensors`])
  );
  const taken = new Set(adopted.flatMap((a) => a.taken));
  const averages = files["average.safetensors"] ?? {}, live = files["generator.safetensors"] ?? {};
  for (const average of training.average?.variables() ?? []) {
    const path = average.path.replace(/^ema\//, "");
    if (!taken.has(path)) continue; // it began as the new weight
    const stored = averages[average.path];
    // taken from there
    assignStored(average.variable, fits(stored, average) ? stored : live[path]!);
  }
  return adopted;
}

function adoptNetwork(
  network: NetworkName,
  variables: readonly NamedVariable[],
  stored: StoredTensors = {},
): AdoptedWeights {
  const taken: string[] = [], fresh: string[] = [];
  for (const entry of variables) {
    const { path, variable } = entry, array = stored[path];
    if (fits(array, entry)) {
      assignStored(variable, array);
      taken.push(path);
    } else fresh.push(path);
  }
  const known = new Set(taken);
  return { network, taken, fresh, left: Object.keys(stored).filter((path) => !known.has(path)) };
}

function fits(
  stored: StoredTensor | undefined,
  { variable }: NamedVariable,
): stored is StoredTensor {
  return stored !== undefined && stored.dtype === "F32" && variable.dtype === "float32" &&
    `${stored.shape}` === `${variable.shape}`;
}
