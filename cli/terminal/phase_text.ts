/** Describes a phase in a few characters. */

/** "64px fade .50" or "64px stable"; empty where the phase is unknown. */
export function phaseText(
  { resolution, phase, alpha }: {
    resolution: number | null;
    phase: string | null;
    alpha: number | null;
  },
): string {
  if (resolution === null || alpha === null) return "";
  return `${resolution}px ${
    phase === "fade" ? "fade " + alpha.toFixed(2).replace(/^0/, "") : "stable"
  }`;
}
