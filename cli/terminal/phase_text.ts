/** A phase in a few letters. */

/** "64px fade .50", "64px stable"; nothing where it isn't known. */
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
