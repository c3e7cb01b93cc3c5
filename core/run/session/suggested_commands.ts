/** Commands to resume, use or delete a run, shown by the terminal and the dashboard. */
import { inOrder } from "../../plugin/mod.ts";
import type { TrainingState } from "../../trainer/mod.ts";
import { placeFlags, type RunPlaces } from "../places.ts";
import type { RunCommand, RunCommands } from "../store/types.ts";

/**
 * Suggests commands for a run, ready to paste.
 * @param run the run folder's name
 */
export function suggestedCommands(
  run: string,
  training: TrainingState,
  places: RunPlaces,
): RunCommands {
  const id = run + placeFlags(places);
  return {
    resume: `deno task train --resume ${id}`,
    remove: `deno task runs delete ${id}`,
    others: usesOf(training, id),
  };
}

/** Commands that use the run: drawing from latents, or its plugins' commands. */
function usesOf({ model, plugins }: TrainingState, id: string): RunCommand[] {
  const { generate, latentSize, mix } = model;
  if (generate && latentSize !== undefined) {
    return [
      { label: "Draw more", command: `deno task sample --run ${id} --seeds 0-63` },
      ...(mix ? [{ label: "Mix styles", command: `deno task mix --run ${id}` }] : []),
    ];
  }
  const commands = inOrder(plugins).flatMap(({ plugin }) => plugin.commands ?? [])
    .filter(({ needsRun = true }) => needsRun);
  return commands.map(({ name }) => ({
    label: "Use it",
    command: `deno task ${name} --run ${id} --help`,
  }));
}
