/** Flags of the run that have no effect because of another option. */
import { adversarialLosses, LABEL_LOSSES } from "../losses/loss_by_name.ts";
import { PENALTY_NAMES, penaltyWeights } from "../losses/penalty_by_name.ts";
import { COMMAND_LINE, ConfigError, type ConfigLayer } from "./config_layer.ts";
import { kebabCase } from "./schema.ts";

/** What an option needs to have an effect. */
interface Need {
  /** The deciding option; of several, one is enough. */
  by: string | readonly string[];
  /** The values of `by` with which the option has an effect. */
  values: readonly unknown[] | "above 0";
  /**
   * The value that switches the option itself off. It is always allowed, since a file may have
   * switched the option on.
   */
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
  noiseOn: { by: "instanceNoise", values: "above 0" },
  stabilizerImages: {
    by: ["labelSmoothing", "labelFlips", "instanceNoise"],
    values: "above 0",
    off: 0,
  },
  beta1: { by: "optimizer", values: ["adam"] },
  fadeImages: { by: "alphaStep", values: [0] },
  emaImages: { by: "emaDecay", values: [0], off: 0 },
};

/**
 * Checks only typed options: presets and files may hold options for other choices.
 * @param resolved all resolved options
 * @throws ConfigError where a flag has no effect
 */
export function refuseIdleFlags(
  { from, values }: ConfigLayer,
  resolved: Record<string, unknown>,
): void {
  if (from !== COMMAND_LINE) return;
  for (const [key, need] of Object.entries(NEEDS)) {
    if (values[key] === undefined || values[key] === need.off) continue;
    const deciding = [need.by].flat();
    const given = deciding.map((key) => resolved[key]);
    if (given.some((value) => value === undefined || isMet(need, value))) continue;
    const flag = `--${kebabCase(key)}`, flags = deciding.map((key) => `--${kebabCase(key)}`);
    const decided = flags.map((by, i) => `${by} ${given[i]}`).join(", ");
    const wanted = [need.values].flat().join(", ");
    const either = flags.join(" or ");
    throw new ConfigError(
      `Cannot use ${flag} of ${from}: it has no effect with ${decided}, ` +
        `expected ${either} ${wanted}. Leave out ${flag}, or change ${either}`,
    );
  }
}

function isMet({ values }: Need, given: unknown): boolean {
  return values === "above 0" ? Number(given) > 0 : values.includes(given);
}
