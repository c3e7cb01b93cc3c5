/** Flags that say when the learning rate falls, of a run in which it stays. */
import { COMMAND_LINE, ConfigError, type RunConfig } from "../../config/mod.ts";

/**
 * Looks at a run that no budget plans: a plan would make the rate fall.
 * @param values what a person typed
 * @param run all options
 * @throws ConfigError where one of the flags has no effect
 */
export function refuseIdleDecay(
  { decayFrom, decayPeriods }: Readonly<Record<string, unknown>>,
  { finalRate }: Pick<RunConfig, "finalRate">,
): void {
  if (finalRate < 1) return;
  const hasPeriods = Array.isArray(decayPeriods) && decayPeriods.length > 0;
  const flag = decayFrom !== undefined ? "--decay-from" : hasPeriods ? "--decay-periods" : "";
  if (flag === "") return;
  throw new ConfigError(
    `Cannot use ${flag} of ${COMMAND_LINE}: it has no effect with --final-rate ${finalRate}, ` +
      `expected --final-rate below 1. Leave out ${flag}, or give --final-rate 0.1`,
  );
}
