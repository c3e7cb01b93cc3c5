/** The part of a schedule that a run will see. */
import type { Phase } from "../../core/schedule.ts";

/**
 * Phases up to where a run ends, the last one cut there: `--images` may end it before its schedule
 * does.
 * @param imagesTotal where the run ends
 */
export function phasesUntil(phases: readonly Phase[], imagesTotal: number): Phase[] {
  return phases.filter(({ start }) => start < imagesTotal)
    .map((phase) => ({ ...phase, end: Math.min(phase.end, imagesTotal) }));
}
