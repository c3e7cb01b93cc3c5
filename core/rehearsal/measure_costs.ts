/** Measures what each resolution of a run costs, within a time limit. */
import type { ResolutionCost } from "../config/mod.ts";
import type { Phase } from "../schedule.ts";
import { secondsAt } from "../reporting/pace.ts";
import type { PhaseProbe } from "./rehearsal.ts";

/** The last resolution and this many below it are measured first; lower ones cost little. */
const MEASURED_BELOW = 3;

/** Cost of an image during a fade relative to one after it, where no fade was measured. */
const FADE_FACTOR = 1.1;

/**
 * Upper bound on that ratio when it is applied to other resolutions: on a busy machine a
 * measurement may be far off.
 */
const MAX_FADE_FACTOR = 1.5;

/** The part of a measurement from which costs are computed. */
export type MeasuredPhase = Pick<PhaseProbe, "phase" | "imagesPerSecond" | "recordSeconds">;

/** Options of {@linkcode measureCosts}. */
export interface MeasureCostsOptions<T extends MeasuredPhase> {
  /** The run's phases, from the lowest resolution of interest up. */
  phases: readonly Phase[];
  /** Measures one phase. */
  probe(phase: Phase): Promise<T>;
  /** The time limit. One measurement is always made, and one that has begun is completed. */
  seconds: number;
  /** A clock in seconds. Default: `performance.now()`. */
  now?(): number;
}

/**
 * Measures the stable phases of the highest resolutions, in ascending order, as long as the next is
 * expected to fit (each takes about twice as long as the one before); then the fade of the highest
 * resolution measured, then the lower resolutions.
 * @returns the measurements; never empty
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
  // each resolution has a phase
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
 * The cost of each resolution; where it was not measured, it is estimated from others, see
 * {@linkcode secondsAt}.
 * @param probes measurements of some of the phases; at least one
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
    return [Math.min(MAX_FADE_FACTOR, Math.max(1, after.imagesPerSecond / probe.imagesPerSecond))];
  });
  const factor = factors.at(-1) ?? FADE_FACTOR;
  const measured = (kind: Phase["kind"], divisor: number) =>
    probes.filter(({ phase }) => phase.kind === kind)
      .map((p) => [p.phase.resolution, 1 / p.imagesPerSecond / divisor] as const);
  // where both were measured, stabilize wins
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
