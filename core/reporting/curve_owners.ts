/** Who writes each curve. Two writers under one name would silently mix their points. */
import type { Outbox } from "./reporter.ts";

/** The owners of a run's curves. */
export interface CurveOwners {
  /**
   * Claims a curve for a writer; the first to claim it keeps it.
   * @param plugin the writer's name; absent for Cambium itself
   * @returns the other owner, in words; undefined where the claim succeeded
   */
  claim(name: string, plugin?: string): string | undefined;
}

/** The reason, after "Cannot chart …: ", why a plugin can't use a name that is taken. */
export function takenName(name: string, other: string, plugin: string): string {
  return `expected a name that nobody else charts, received that of a curve of ${other}. ` +
    `Give it a prefix, e.g. "${plugin}/${name}"`;
}

/**
 * Claims curves for Cambium whose names become known only during a run, and warns where a plugin
 * already charts one.
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
      `The curve "${name}" is Cambium's own, and ${other} also charts it: ` +
        "the curve mixes both. Give the plugin's curve another name",
    );
  }
}

/** Curves that Cambium writes in every run, besides those of the loss terms. */
const OWN: readonly string[] = [
  "alpha",
  "learning_rate",
  "learning_rate/discriminator",
  "loss/discriminator",
  "loss/generator",
  "time/outside_library",
  "time/waiting_for_data",
];

/** Owners of a run's curves, with those of every run claimed for Cambium. */
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
