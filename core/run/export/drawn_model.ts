/** A run's generator as the exporters need it. */
import type { DrawnModel, FunctionSpec, RecordedNoise } from "../../export/mod.ts";
import type { ExportedModel } from "../../plugin/mod.ts";
import { noiseOf } from "../../latents/seeded.ts";
import { weightsOf } from "../draw/draw_options.ts";
import { expectGenerator } from "../draw/expect_generator.ts";
import type { LoadedRun } from "../loaded_run.ts";
import type { ExportOptions } from "./export_options.ts";

/** The files of an export by name, and how to use them. */
export interface Contents {
  files: Record<string, Uint8Array>;
  /** Markdown. */
  usage: string;
}

/** @throws RunError where the plugin doesn't draw from latents */
export function drawnModel(run: LoadedRun, options: ExportOptions): DrawnModel {
  const model = expectGenerator(run, `make ${options.to === "web" ? "a page" : options.to}`);
  return {
    model,
    labels: run.dataset.labels,
    alpha: run.alpha,
    truncationCutoff: options.truncationCutoff,
    withWeights: withWeights(run, options),
  };
}

/**
 * What a plugin itself exports of a run.
 * @returns undefined where the plugin declares no export: it draws from latents
 */
export function declaredExport(run: LoadedRun): ExportedModel | undefined {
  return run.loaded.model.plugin.exports?.(run);
}

/** The plugin's description of how to combine its functions, in Markdown. */
export function declaredSteps(run: LoadedRun): string {
  const declared = declaredExport(run);
  return declared?.kind === "place" ? `\n\n${declared.steps}` : "";
}

/** The functions of {@linkcode declaredExport}, bound to the exported weights. */
export function declaredFunctions(
  run: LoadedRun,
  options: ExportOptions,
  { functions }: ExportedModel,
): Record<string, FunctionSpec> {
  const weighted = withWeights(run, options);
  return Object.fromEntries(
    Object.entries(functions).map(([name, { inputs, run }]) => [
      name,
      { inputs, run: (given) => weighted(() => run(given)) },
    ]),
  );
}

/** Returns a function that runs tensor code with the exported weights. */
export function withWeights(run: LoadedRun, options: ExportOptions): <T>(fn: () => T) => T {
  return weightsOf(run, options.weights) === "ema" ? run.withAverage : (fn) => fn();
}

/** Fixed noise maps are those that `sample` draws for seed 0. */
export function recordedNoise(noise: ExportOptions["noise"] = "fixed"): RecordedNoise {
  return noise === "fixed" ? noiseOf(0) : noise;
}
