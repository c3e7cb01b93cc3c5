/** Warm start: initializes a new training with the weights of a checkpoint, where they fit. */
import type { StoredTensor, StoredTensors } from "../checkpoint/mod.ts";
import type { NamedVariable } from "../layers/mod.ts";
import type { NetworkName } from "../plugin/mod.ts";
import { assignStored, type StoredFiles } from "./snapshot.ts";
import { NETWORKS, type TrainingState } from "./training_state.ts";

/** Which of a network's weights came from the checkpoint, by variable path. */
export interface AdoptedWeights {
  network: NetworkName;
  /** Initialized from the checkpoint. */
  taken: string[];
  /**
   * Missing from the checkpoint, or of another shape there: they keep their fresh initialization.
   */
  fresh: string[];
  /** In the checkpoint, but not in the network. */
  left: string[];
}

/**
 * Copies weights of the same path and shape; the moving average is initialized along with the
 * generator. Optimizer moments, counters and plugin states start fresh.
 * @param files of a checkpoint, possibly from a run with other data, options or resolution
 */
export function adoptWeights(training: TrainingState, files: StoredFiles): AdoptedWeights[] {
  const adopted = NETWORKS.map((network) =>
    adoptNetwork(network, training.network(network).variables(), files[`${network}.safetensors`])
  );
  const taken = new Set(adopted.flatMap((a) => a.taken));
  const averages = files["average.safetensors"] ?? {}, live = files["generator.safetensors"] ?? {};
  for (const average of training.average?.variables() ?? []) {
    const path = average.path.replace(/^ema\//, "");
    if (!taken.has(path)) continue; // already equal to the fresh weight
    const stored = averages[average.path];
    // a path in `taken` is in `live`
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
