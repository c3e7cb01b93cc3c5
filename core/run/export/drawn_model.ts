/** A run's generator as it is exported. */
import type { DrawnModel, FunctionSpec, RecordedNoise } from "../../export/mod.ts";
import type { ExportedModel } from "../../plugin/mod.ts";
import { noiseOf } from "../../latents/seeded.ts";
import { weightsOf } from "../draw/draw_options.ts";
import { expectGenerator } from "../draw/expect_generator.ts";
import type { LoadedRun } from "../loaded_run.ts";
import type { ExportOptions } from "./export_options.ts";

/** Files by name, and how they are used. */
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
 * @returns undefined where it leaves that to us: it draws from latents
 */
export function declaredExport(run: LoadedRun): ExportedModel | undefined {
  return run.loaded.model.plugin.exports?.(run);
}

/** What is to be said of the plugin's own functions beside each of them, in Markdown. */
export function declaredSteps(run: LoadedRun): string {
  const declared = declaredExport(run);
  return declared?.kind === "place" ? `\n\n${declared.steps}` : "";
}

/** The functions of {@linkcode declaredExport}, with the weights that are exported. */
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

/** Runs tensor code with the weights that are exported. */
export function withWeights(run: LoadedRun, options: ExportOptions): <T>(fn: () => T) => T {
  return weightsOf(run, options.weights) === "ema" ? run.withAverage : (fn) => fn();
}

/** Fixed maps are those of seed 0, as `sample` draws it. */
export function recordedNoise(noise: ExportOptions["noise"] = "fixed"): RecordedNoise {
  return noise === "fixed" ? noiseOf(0) : noise;
}
