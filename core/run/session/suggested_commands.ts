/**
 * Commands that go on with a run, use it or remove it, as the terminal and the dashboard show them.
 */
import { inOrder } from "../../plugin/mod.ts";
import type { TrainingState } from "../../trainer/mod.ts";
import { placeFlags, type RunPlaces } from "../places.ts";
import type { RunCommand, RunCommands } from "../store/types.ts";

/**
 * What may be called next; it can be pasted.
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

/** What the run can be used for: drawing from latents, or what its plugins bring. */
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
