/** Describes a plan for the run's log. */
import { type Budget, planBudget } from "../../config/mod.ts";
import { type Phase, phasesOf, type ResolutionPlan } from "../../schedule.ts";
import { digits } from "../../text.ts";

/** The facts of a plan to describe. */
export interface PlanFacts {
  minutes: number;
  budget: Budget;
  plan: readonly ResolutionPlan[];
  finalRate: number;
  decayFrom: number;
  /** The current time. */
  now: Date;
}

/** Lines that describe the plan, its times, and what the budget is too short for. */
export function planText(
  { minutes, budget, plan, finalRate, decayFrom, now }: PlanFacts,
): string[] {
  const { costs, past, desired } = budget, from = past?.imagesSeen ?? 0;
  const phases = phasesOf(plan), end = phases.at(-1)!.end; // a plan is not empty
  const ahead = phases.filter((phase) => phase.end > from);
  const last = plan.at(-1)!; // not empty
  const images = [...new Set(ahead.map(({ resolution }) => resolution))].map((r) =>
    `${r} px ${count(imagesAt(ahead, r, from))}`
  );
  const begins = ahead.find(({ resolution }) => resolution === last.resolution)!.start;
  const time = (image: number) => clock(now, secondsTo(ahead, costs, from, image));
  const speed = 1 / costs.get(last.resolution)!.stabilize; // each has a cost
  const start = from + decayFrom * (end - from);
  return [
    `Plan of ${length(minutes)}: ${images.join(", ")} images, at about ${
      digits(speed, 2)
    } a second in the end. ` +
    (begins > from ? `${last.resolution} px from ${time(begins)} on, ` : "") +
    `done at about ${time(end)}. It is fixed in images: on a busier machine it ends later`,
    ...(finalRate < 1
      ? [
        `The learning rate falls from image ${count(start)} on, to ${finalRate} of itself at ${
          count(end)
        }`,
      ]
      : []),
    ...(past
      ? [
        `This is not the run that a longer budget would have given from the start: ` +
        `what ${count(from)} images taught stays, and the rate rises again before it falls`,
      ]
      : []),
    ...(last.resolution < desired.at(-1)!.resolution
      ? [tooShort(budget, minutes, last.resolution)]
      : []),
  ];
}

function imagesAt(phases: readonly Phase[], resolution: number, from: number): number {
  return phases.filter((phase) => phase.resolution === resolution)
    .reduce((sum, { start, end }) => sum + end - Math.max(start, from), 0);
}

function secondsTo(
  phases: readonly Phase[],
  costs: Budget["costs"],
  from: number,
  image: number,
): number {
  return phases.filter(({ start }) => start < image).reduce((sum, phase) => {
    const cost = costs.get(phase.resolution)!; // each has a cost
    const images = Math.min(phase.end, image) - Math.max(phase.start, from);
    return sum + images * cost[phase.kind] + cost.record;
  }, 0);
}

/** Says which budget would reach the desired resolution, to within a factor of 1.1. */
function tooShort(budget: Budget, minutes: number, reached: number): string {
  const desired = budget.desired.at(-1)!.resolution; // not empty
  const planned = (factor: number) =>
    planBudget({ ...budget, seconds: budget.seconds * factor }).at(-1)?.resolution;
  let factor = 1.1;
  while (factor < 1e6 && planned(factor) !== desired) factor *= 1.1;
  return `${
    length(minutes)
  } are too short for ${desired} px on this machine now: the run ends at ${reached} px. ` +
    `${desired} px is worth it from about ${length(Math.ceil(minutes * factor))} on`;
}

function count(images: number): string {
  return Math.round(images).toLocaleString("en");
}

/** Formats a duration: "45 minutes", "8 hours". */
function length(minutes: number): string {
  const hours = minutes / 60;
  if (minutes === 1) return "1 minute";
  if (minutes < 120 && minutes !== 60) return `${digits(minutes, 3)} minutes`;
  return hours === 1 ? "60 minutes" : `${digits(hours, 2)} hours`;
}

/** Formats the time of day, with the date where it is not today. */
function clock(now: Date, seconds: number): string {
  const then = new Date(now.getTime() + seconds * 1000);
  const two = (n: number) => String(n).padStart(2, "0");
  const time = `${two(then.getHours())}:${two(then.getMinutes())}`;
  if (then.toDateString() === now.toDateString()) return time;
  return `${then.getFullYear()}-${two(then.getMonth() + 1)}-${two(then.getDate())} ${time}`;
}
