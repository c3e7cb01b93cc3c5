import type { LoadedRun } from "../loaded_run.ts";

/**
 * Runs asynchronous work with the moving averages assigned to the generator's variables, and
 * restores their values afterwards.
 */
export async function withWeights<T>(
  run: LoadedRun,
  weights: "ema" | "live",
  fn: () => Promise<T>,
): Promise<T> {
  const { average } = run.training;
  if (weights === "live" || !average) return await fn();
  const averages = new Map(average.variables().map(({ path, variable }) => [path, variable]));
  const saved = run.model.generator.variables().map(({ path, variable }) => ({
    variable,
    value: variable.clone(),
    average: averages.get(`ema/${path}`),
  }));
  try {
    for (const { variable, average } of saved) if (average) variable.assign(average);
    return await fn();
  } finally {
    for (const { variable, value } of saved) {
      variable.assign(value);
      value.dispose();
    }
  }
}
