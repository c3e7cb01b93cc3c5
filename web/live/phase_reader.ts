/** Reads the phases of runs, again only if they may have changed. */
import type { RunHead, RunStore } from "../../core/run/store/types.ts";
import type { Phase } from "../../core/schedule.ts";
import { sessionOf } from "./session_of.ts";

/** Reads the phases of the run that a head belongs to; none if the store does not know them. */
export type PhaseReader = (head: RunHead) => Promise<readonly Phase[]>;

/** A reader that caches phases until a head has another session, phase or length. */
export function createPhaseReader(store: RunStore): PhaseReader {
  const known = new Map<string, { at: string; phases: readonly Phase[] }>();
  return async (head) => {
    const { id, phaseIndex, imagesTotal } = head;
    const at = [sessionOf(head), phaseIndex, imagesTotal].join(" ");
    const kept = known.get(id);
    if (kept?.at === at) return kept.phases;
    const phases = (await store.details(id))?.phases ?? [];
    if (phases.length > 0) known.set(id, { at, phases });
    return phases;
  };
}
