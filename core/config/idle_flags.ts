/** Flags of the run that another option switches off. */
import { LABEL_LOSSES } from "../losses/mod.ts";
import { COMMAND_LINE, ConfigError, type ConfigLayer } from "./config_layer.ts";
import { kebabCase } from "./schema.ts";

/** What an option needs to have an effect. */
interface Need {
  /** The option that decides. */
  by: string;
  /** Its values with which the option has an effect. */
  values: readonly unknown[];
  /** What switches the option itself off, which is never idle: a file may have switched it on. */
  off?: unknown;
}

const NEEDS: Readonly<Record<string, Need>> = {
  gamma: { by: "penalty", values: ["r1", "r2"] },
  lambda: { by: "penalty", values: ["wgan_gp", "dragan"] },
  penaltyEvery: { by: "penalty", values: ["r1", "r2", "wgan_gp", "dragan"] },
  clip: { by: "loss", values: ["wgan_clipped"] },
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
