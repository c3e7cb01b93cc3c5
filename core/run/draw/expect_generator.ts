/** Checks that a run can be drawn from by latents. */
import type { Model } from "../../plugin/mod.ts";
import type { RunPlugins } from "../../plugin/mod.ts";
import { RunError } from "../run_error.ts";

/** A model that draws images from latents alone. */
export type GeneratingModel = Model & {
  latentSize: number;
  generate: NonNullable<Model["generate"]>;
};

/** The parts of a run needed to draw from it, or to explain why that is impossible. */
export interface DrawableRun {
  readonly id: string;
  /** Absolute path of the run folder. */
  readonly folder: string;
  readonly model: Model;
  readonly loaded: RunPlugins;
}

/**
 * The model of a run that draws from latents alone.
 * @param what what is to be done, for the message "Cannot … of RUN", e.g. "draw samples"
 * @throws RunError naming the plugin and the commands that it offers instead
 */
export function expectGenerator(run: DrawableRun, what: string): GeneratingModel {
  const { model } = run;
  // both are defined
  if (model.generate && model.latentSize !== undefined) return model as GeneratingModel;
  throw new RunError(
    `Cannot ${what} of ${run.id}: expected a plugin that draws images from latents alone, ${
      insteadOf(run)
    }`,
  );
}

/** The part of an error that says what to use instead of a feature that the plugin lacks. */
export function insteadOf({ loaded, folder }: Pick<DrawableRun, "loaded" | "folder">): string {
  const { plugin } = loaded.model;
  const names = (plugin.commands ?? []).filter(({ needsRun = true }) => needsRun)
    .map(({ name }) => `deno task ${name}`);
  return `received "${plugin.name}". ` +
    (names.length > 0 ? `Use ${names.join(" or ")}` : `Its sample grids are in ${folder}/samples`);
}
