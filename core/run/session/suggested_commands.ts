/** Commands to resume, use or delete a run, shown by the terminal and the dashboard. */
import { inOrder } from "../../plugin/mod.ts";
import type { TrainingState } from "../../trainer/mod.ts";
import { placeFlags, type RunPlaces } from "../places.ts";
import type { RunSpec } from "../spec/run_spec.ts";
import type { RunCommand, RunCommands } from "../store/types.ts";

/**
 * Suggests commands for a run, ready to paste.
 * @param run the run folder's name
 */
export function suggestedCommands(
  run: string,
  training: TrainingState,
  places: RunPlaces,
  spec: Pick<RunSpec, "run" | "plan">,
): RunCommands {
  const id = run + placeFlags(places), resume = `deno task train --resume ${id}`;
  return {
    resume,
    extend: `${resume} ${extension(spec, training)}`,
    remove: `deno task runs delete ${id}`,
    others: usesOf(training, id),
  };
}

/** Flags that give a finished run more images. */
function extension(
  { run: { images }, plan }: Pick<RunSpec, "run" | "plan">,
  { phases }: Pick<TrainingState, "phases">,
): string {
  if (images > 0 && images < phases.at(-1)!.end) return "--images 0"; // to its schedule's end
  return [
    "--minutes 60",
    ...(plan ? [] : ["--force"]), // its own schedule is replaced
    ...(images > 0 ? ["--images 0"] : []),
  ].join(" ");
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
