/** The part of a schedule that a run will reach. */
import type { Phase } from "../../core/schedule.ts";

/**
 * Phases up to the end of a run, which `--images` may put before the end of its schedule; the last
 * phase is cut there.
 * @param imagesTotal where the run ends
 */
export function phasesUntil(phases: readonly Phase[], imagesTotal: number): Phase[] {
  return phases.filter(({ start }) => start < imagesTotal)
    .map((phase) => ({ ...phase, end: Math.min(phase.end, imagesTotal) }));
}
