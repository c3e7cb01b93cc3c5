/** Whose each curve is: points of two writers under one name would be mixed in silence. */
import type { Outbox } from "./reporter.ts";

/** The writers of a run's curves. */
export interface CurveOwners {
  /**
   * Says who writes a curve; the first who does keeps it.
   * @param plugin by name; absent: Cambium itself
   * @returns who else writes it, in words; undefined where nobody does
   */
  claim(name: string, plugin?: string): string | undefined;
}

/** What a plugin is told whose curve has a taken name, behind "Cannot chart …: ". */
export function takenName(name: string, other: string, plugin: string): string {
  return `expected a name that nobody else charts, received that of a curve of ${other}. ` +
    `Give it a prefix, e.g. "${plugin}/${name}"`;
}

/**
 * Takes curves whose names are known only now for Cambium itself, and warns of those that a plugin
 * charts already.
 */
export function claimOwn(
  { curves, outbox }: { curves: CurveOwners; outbox: Outbox },
  names: readonly string[],
): void {
  for (const name of names) {
    const other = curves.claim(name);
    if (other === undefined) continue;
    outbox.warn(
      `curve-${name}`,
      `The curve "${name}" is Cambium's own, and ${other} charts it, too: ` +
        "its points are of both. Give the plugin's another name",
    );
  }
}

/** Curves that Cambium writes in every run, beside its terms'. */
const OWN: readonly string[] = [
  "alpha",
  "learning_rate",
  "learning_rate/discriminator",
  "loss/discriminator",
  "loss/generator",
  "time/outside_library",
  "time/waiting_for_data",
];

/** The owners of a run's curves; those that every run has are Cambium's already. */
export function createCurveOwners(): CurveOwners {
  const owners = new Map<string, string | undefined>(OWN.map((name) => [name, undefined]));
  return {
    claim(name, plugin) {
      if (!owners.has(name)) owners.set(name, plugin);
      const owner = owners.get(name);
      if (owner === plugin) return undefined;
      return owner === undefined ? "Cambium itself" : `plugin "${owner}"`;
    },
  };
}
