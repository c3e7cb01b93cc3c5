/** What each resolution of a run costs, measured within a limit of time. */
import type { ResolutionCost } from "../config/mod.ts";
import type { Phase } from "../schedule.ts";
import { secondsAt } from "../reporting/pace.ts";
import type { PhaseProbe } from "./rehearsal.ts";

/**
 * Resolutions that are measured first: the last one and so many below it. What is below these costs
 * little.
 */
const MEASURED_BELOW = 3;

/** What a fade's image costs of one that is not faded, where no fade was measured. */
const FADE_FACTOR = 1.1;

/** The most that is believed of it for other resolutions; a busy machine measures anything. */
const MOST_FADE = 1.5;

/** What of a measurement makes a cost. */
export type MeasuredPhase = Pick<PhaseProbe, "phase" | "imagesPerSecond" | "recordSeconds">;

/** Options of {@linkcode measureCosts}. */
export interface MeasureCostsOptions<T extends MeasuredPhase> {
  /** Of the run, from the lowest resolution that matters on. */
  phases: readonly Phase[];
  /** Measures one of them. */
  probe(phase: Phase): Promise<T>;
  /**
   * The time that it may take. One measurement is made in any case, and one that was begun is
   * ended.
   */
  seconds: number;
  /** A clock in seconds. Default: the process's. */
  now?(): number;
}

/**
 * Measures resolutions without their fades, upwards to the last one, as long as the next would fit
 * (each takes about twice the time of the one before); then the fade of the highest that was
 * measured, then the small resolutions.
 * @returns what was measured; never empty
 */
export async function measurePhases<T extends MeasuredPhase>(
  { phases, probe, seconds, now = () => performance.now() / 1000 }: MeasureCostsOptions<T>,
): Promise<T[]> {
  const end = now() + seconds, probes: T[] = [];
  const measure = async (phase: Phase, expected: number): Promise<number | undefined> => {
    const start = now();
    if (probes.length > 0 && start + expected > end) return undefined;
    probes.push(await probe(phase));
    return now() - start;
  };
  // r is of one
  const stable = resolutionsOf(phases).map((r) => phases.findLast((p) => p.resolution === r)!);
  const split = Math.max(0, stable.length - 1 - MEASURED_BELOW);
  let expected = 0, reached: Phase | undefined;
  for (const phase of stable.slice(split)) {
    const took = await measure(phase, expected);
    if (took === undefined) break;
    [expected, reached] = [2 * took, phase];
  }
  const fade = phases.find(({ resolution, kind }) =>
    kind === "fade" && resolution === reached?.resolution
  );
  if (fade && fade !== reached) await measure(fade, expected / 2);
  for (const phase of stable.slice(0, split).reverse()) {
    if (await measure(phase, expected / 2) === undefined) break;
  }
  return probes;
}

function resolutionsOf(phases: readonly Phase[]): number[] {
  return [...new Set(phases.map(({ resolution }) => resolution))];
}

/**
 * The cost of each resolution; those that were not measured are guessed from others, see {@linkcode
 * secondsAt}.
 * @param probes of some of the phases; at least one
 */
export function costsOf(
  phases: readonly Phase[],
  probes: readonly MeasuredPhase[],
): Map<number, ResolutionCost> {
  const probeOf = (resolution: number, kind: Phase["kind"]) =>
    probes.find((probe) => probe.phase.resolution === resolution && probe.phase.kind === kind);
  const factors = probes.flatMap((probe) => {
    const { resolution, kind } = probe.phase, after = probeOf(resolution, "stabilize");
    if (kind === "stabilize" || !after) return [];
    return [Math.min(MOST_FADE, Math.max(1, after.imagesPerSecond / probe.imagesPerSecond))];
  });
  const factor = factors.at(-1) ?? FADE_FACTOR;
  const measured = (kind: Phase["kind"], divisor: number) =>
    probes.filter(({ phase }) => phase.kind === kind)
      .map((p) => [p.phase.resolution, 1 / p.imagesPerSecond / divisor] as const);
  // later ones win
  const seconds = new Map([...measured("fade", factor), ...measured("stabilize", 1)]);
  const record = Math.max(...probes.map(({ recordSeconds }) => recordSeconds));
  return new Map(
    resolutionsOf(phases).map((resolution) => {
      const stabilize = secondsAt(seconds, resolution), fade = probeOf(resolution, "fade");
      return [resolution, {
        stabilize,
        fade: fade ? 1 / fade.imagesPerSecond : stabilize * factor,
        record: probeOf(resolution, "stabilize")?.recordSeconds ?? record,
      }];
    }),
  );
}
