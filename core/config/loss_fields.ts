/** The run's options that are derived from the lists of losses and penalties. */
import { adversarialLosses, LOSS_NAMES } from "../losses/loss_by_name.ts";
import { PENALTY_NAMES, type PenaltyOption, penaltyWeights } from "../losses/penalty_by_name.ts";
import * as field from "./field.ts";
import { kebabCase } from "./schema.ts";

/** `--loss`; the help lists options that some losses bring along or are meant with. */
export function lossField(initial: typeof LOSS_NAMES[number]) {
  const notes = adversarialLosses.flatMap(({ name, meantWith, brings }) => {
    if (brings) return [`${name} sets ${flagsOf(brings)}`];
    return meantWith ? [`${name} is meant for use with ${flagsOf(meantWith)}`] : [];
  });
  return field.choice(["Adversarial loss", notes.join(", ")].join("; "), initial, LOSS_NAMES);
}

/** `--penalty`: the penalties' names, and "none". */
export function penaltyField(initial: typeof PENALTY_NAMES[number]) {
  return field.choice("Penalty on the discriminator", initial, [...PENALTY_NAMES, "none"]);
}

/** One field for each option that is a penalty's weight. */
export function penaltyWeightFields(): Record<PenaltyOption, field.Field<number>> {
  const fields = penaltyWeights().map(({ weight, of }) => {
    const titles = of.map(({ title }) => title);
    const last = titles.pop();
    const names = titles.length > 0 ? `${titles.join(", ")} and ${last}` : last;
    const help = `Weight of ${names} (${weight.note})`;
    return [weight.option, field.number(help, weight.initial, { minimum: 0 })];
  });
  return Object.fromEntries(fields); // every PenaltyOption is some weight's option
}

function flagsOf(options: Readonly<Record<string, string | number>>): string {
  return Object.entries(options).map(([key, value]) => `--${kebabCase(key)} ${value}`)
    .join(" and ");
}
