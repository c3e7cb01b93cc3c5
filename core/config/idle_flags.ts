/** Flags of the run that another option switches off. */
import { adversarialLosses, LABEL_LOSSES } from "../losses/loss_by_name.ts";
import { PENALTY_NAMES, penaltyWeights } from "../losses/penalty_by_name.ts";
import { COMMAND_LINE, ConfigError, type ConfigLayer } from "./config_layer.ts";
import { kebabCase } from "./schema.ts";

/** What an option needs to have an effect. */
interface Need {
  by: string;
  /** Its values with which the option has an effect. */
  values: readonly unknown[];
  /** What switches the option itself off, which is never idle: a file may have switched it on. */
  off?: unknown;
}

const NEEDS: Readonly<Record<string, Need>> = {
  ...Object.fromEntries(
    penaltyWeights().map(({ weight, of }) => [
      weight.option,
      { by: "penalty", values: of.map(({ name }) => name) },
    ]),
  ),
  gammaFrom: {
    by: "penalty",
    values: penaltyWeights().filter(({ weight }) => weight.grows)
      .flatMap(({ of }) => of.map(({ name }) => name)),
    off: 0,
  },
  penaltyEvery: { by: "penalty", values: PENALTY_NAMES },
  clip: {
    by: "loss",
    values: adversarialLosses.filter(({ weightClip }) => weightClip !== undefined)
      .map(({ name }) => name),
  },
  labelSmoothing: { by: "loss", values: LABEL_LOSSES, off: 0 },
  labelFlips: { by: "loss", values: LABEL_LOSSES, off: 0 },
  beta1: { by: "optimizer", values: ["adam"] },
};

/**
 * Looks at what a person typed; presets and files may hold options for other choices.
 * @param resolved all options
 * @throws ConfigError where a flag has no effect
 */
export function refuseIdleFlags(
  { from, values }: ConfigLayer,
  resolved: Record<string, unknown>,
): void {
  if (from !== COMMAND_LINE) return;
  for (const [key, need] of Object.entries(NEEDS)) {
    if (values[key] === undefined || values[key] === need.off) continue;
    const decided = resolved[need.by];
    if (decided === undefined || need.values.includes(decided)) continue;
    const flag = `--${kebabCase(key)}`, by = `--${kebabCase(need.by)}`;
    throw new ConfigError(
      `Cannot use ${flag} of ${from}: it has no effect with ${by} ${decided}, ` +
        `expected ${by} ${need.values.join(", ")}. Leave out ${flag}, or change ${by}`,
    );
  }
}
