import type { RunEvent } from "../events.ts";
import { inOrder } from "../plugin/mod.ts";
import type { TrainingState } from "./training_state.ts";

type Declared = (RunEvent & { type: "start" })["panels"];

/** The panels that plugins declare. */
export function panelsOf(plugins: TrainingState["plugins"]): Declared {
  return inOrder(plugins).flatMap(({ plugin }) =>
    Object.entries(plugin.panels ?? {}).map(([name, panel]) => ({
      plugin: plugin.name,
      name,
      panel,
    }))
  );
}
