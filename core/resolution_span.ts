import type { Phase } from "./schedule.ts";

/**
 * imagesSeen at the start and the end of a phase's resolution, from its fade to its stabilization.
 * @param phases the schedule that the phase belongs to
 */
export function resolutionSpan(
  phases: readonly Phase[],
  { resolution }: Pick<Phase, "resolution">,
): { start: number; end: number } {
  const own = phases.filter((phase) => phase.resolution === resolution);
  return { start: own[0]?.start ?? 0, end: own.at(-1)?.end ?? 0 };
}
