/** What each resolution of a run costs, measured within a limit of time. */
import type { ResolutionCost } from "../config/mod.ts";
import type { Phase } from "../schedule.ts";
import { secondsAt } from "./pace.ts";
import { type PhaseProbe, type ProbeOptions, probePhase } from "./rehearsal.ts";
import { createTrainingState } from "./training_state.ts";

/** Resolutions that are measured first: the last one and so many below it. What is below these costs little. */
const MEASURED_BELOW = 3;

/** What a fade's image costs of one that is not faded, where no fade was measured. */
const FADE_FACTOR = 1.1;

/** Costs, and the measurements that they come from. */
export interface MeasuredCosts {
  /** Of each resolution of the run; those that were not measured are guessed from others. */
  costs: Map<number, ResolutionCost>;
  /** What was measured. */
  probes: PhaseProbe[];
}

/** Options of {@linkcode measureCosts}. */
export interface MeasureCostsOptions extends Omit<ProbeOptions, "known" | "from"> {
  /** The time that it may take. One measurement is made in any case, and one that was begun is ended. */
  seconds: number;
  /** The lowest resolution that matters. Default: the first. */
  lowest?: number;
  /** A clock in seconds. Default: the process's. */
  now?(): number;
}

/**
 * Measures resolutions without their fades, upwards to the last one, as long as the next would fit (each takes about twice
 * the time of the one before); then one fade, then the small resolutions.
 */
export async function measureCosts(options: MeasureCostsOptions): Promise<MeasuredCosts> {
  const { seconds, lowest = 0, now = () => performance.now() / 1000 } = options;
  const training = createTrainingState(options.training);
  const phases = training.phases.filter(({ resolution }) => resolution >= lowest);
  training.dispose();
  const began = now(), probes: PhaseProbe[] = [];
  const measure = async (phase: Phase, expected: number): Promise<number | undefined> => {
    options.signal?.throwIfAborted();
    const start = now();
    if (probes.length > 0 && start + expected > began + seconds) return undefined;
    const probe = await probePhase(options, phase);
    probes.push(probe);
    options.onPhase?.(probe);
    return now() - start;
  };
  const stable = resolutionsOf(phases).map((r) => phases.findLast((p) => p.resolution === r)!); // r is of one
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
  return { costs: costsOf(phases, probes), probes };
}

function resolutionsOf(phases: readonly Phase[]): number[] {
  return [...new Set(phases.map(({ resolution }) => resolution))];
}

/**
 * The cost of each resolution from what was measured.
 * @param phases of the run
 * @param probes of some of them; at least one
 */
export function costsOf(
  phases: readonly Phase[],
  probes: readonly PhaseProbe[],
): Map<number, ResolutionCost> {
  const probeOf = (resolution: number, kind: Phase["kind"]) =>
    probes.find((probe) => probe.phase.resolution === resolution && probe.phase.kind === kind);
  const factors = probes.flatMap((probe) => {
    const { resolution, kind } = probe.phase, after = probeOf(resolution, "stabilize");
    return kind === "fade" && after ? [after.imagesPerSecond / probe.imagesPerSecond] : [];
  });
  const factor = factors.at(-1) ?? FADE_FACTOR;
  const secondsOf = (kind: Phase["kind"], divisor: number) =>
    probes.filter(({ phase }) => phase.kind === kind)
      .map((p) => [p.phase.resolution, 1 / p.imagesPerSecond / divisor] as const);
  const measured = new Map([...secondsOf("fade", factor), ...secondsOf("stabilize", 1)]); // later ones win
  const record = Math.max(...probes.map(({ recordSeconds }) => recordSeconds));
  return new Map(
    resolutionsOf(phases).map((resolution) => {
      const stabilize = secondsAt(measured, resolution);
      const fade = probeOf(resolution, "fade");
      return [resolution, {
        stabilize,
        fade: fade ? 1 / fade.imagesPerSecond : stabilize * factor,
        record: probeOf(resolution, "stabilize")?.recordSeconds ?? record,
      }];
    }),
  );
}
