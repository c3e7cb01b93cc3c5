/** Which runs can be drawn from by latents. */
import type { Model } from "../../plugin/mod.ts";
import type { RunPlugins } from "../../plugin/mod.ts";
import { RunError } from "../run_error.ts";

/** A model that draws images from latents alone. */
export type GeneratingModel = Model & {
  latentSize: number;
  generate: NonNullable<Model["generate"]>;
};

/** What is read of a run to draw from it, or to say why it can't be. */
export interface DrawableRun {
  readonly id: string;
  /** Absolute path of the run folder. */
  readonly folder: string;
  readonly model: Model;
  readonly loaded: RunPlugins;
}

/**
 * The model of a run, for drawing from it by latents.
 * @param what the wish, which goes on with "of" and the run, e.g. "draw samples"
 * @throws RunError naming the plugin and the commands that it has instead
 */
export function expectGenerator(run: DrawableRun, what: string): GeneratingModel {
  const { model } = run;
  // both are there
  if (model.generate && model.latentSize !== undefined) return model as GeneratingModel;
  throw new RunError(
    `Cannot ${what} of ${run.id}: expected a plugin that draws images from latents alone, ${
      insteadOf(run)
    }`,
  );
}

/** What to do with a run whose plugin lacks something. */
export function insteadOf({ loaded, folder }: Pick<DrawableRun, "loaded" | "folder">): string {
  const { plugin } = loaded.model;
  const names = (plugin.commands ?? []).filter(({ needsRun = true }) => needsRun)
    .map(({ name }) => `deno task ${name}`);
  return `received "${plugin.name}". ` +
    (names.length > 0 ? `Use ${names.join(" or ")}` : `Its sample grids are in ${folder}/samples`);
}
