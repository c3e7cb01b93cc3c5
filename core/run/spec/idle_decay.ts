/** Refuses flags of the learning rate's decay where the rate is constant. */
import { COMMAND_LINE, ConfigError, type RunConfig } from "../../config/mod.ts";

/**
 * Checks a run that is not planned from a budget: a plan would let the rate decay.
 * @param values typed options
 * @param run all resolved options
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
