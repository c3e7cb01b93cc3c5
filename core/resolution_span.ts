import type { Phase } from "./schedule.ts";

/**
 * The images seen from the first of a phase's resolution to its last: its fade and its
 * stabilization.
 * @param phases of the schedule, with `phase` among them
 */
export function resolutionSpan(
  phases: readonly Phase[],
  { resolution }: Pick<Phase, "resolution">,
): { start: number; end: number } {
  const own = phases.filter((phase) => phase.resolution === resolution);
  return { start: own[0]?.start ?? 0, end: own.at(-1)?.end ?? 0 };
}
