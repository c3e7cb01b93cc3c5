import { draganPenalty } from "./dragan.ts";
import { type NamesOf, namesOf } from "./names_of.ts";
import type { Penalty, PenaltyWeight } from "./penalty.ts";
import { r1Penalty } from "./r1.ts";
import { r1r2Penalty } from "./r1_r2.ts";
import { r2Penalty } from "./r2.ts";
import { wganGpPenalty } from "./wgan_gp.ts";

const list = [r1Penalty, r2Penalty, r1r2Penalty, wganGpPenalty, draganPenalty] as const;

/** All penalties. */
export const penalties: readonly Penalty<string, PenaltyOption>[] = list;

/** Their names, for configuration schemas. */
export const PENALTY_NAMES: NamesOf<typeof list> = namesOf(list);

/** The options that weight penalties. */
export type PenaltyOption = typeof list[number]["weight"]["option"];

/** Each option that weights penalties, with the penalties it applies to. */
export function penaltyWeights(): { weight: PenaltyWeight<PenaltyOption>; of: Penalty[] }[] {
  const weights = new Set(penalties.map(({ weight }) => weight));
  return [...weights].map((weight) => ({
    weight,
    of: penalties.filter((penalty) => penalty.weight === weight),
  }));
}

/** The penalty called `name`; undefined for "none". */
export function penaltyByName(name: string): Penalty<string, PenaltyOption> | undefined {
  return penalties.find((penalty) => penalty.name === name);
}
