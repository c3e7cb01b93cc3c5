/** Determines which samples are held out. */
import { seedFor } from "../core/random.ts";

/** Indices of the samples of both splits, ascending. */
export interface Split {
  train: number[];
  heldOut: number[];
}

/**
 * Holds out whole groups in the order of a hash of their names until `fraction` is reached:
 * variants of a picture stay together, and the same names give the same split on every machine.
 * @param groups the group of each sample
 * @param fraction 0 … 0.9
 */
export function splitByGroup(groups: readonly string[], fraction: number): Split {
  const sizes = new Map<string, number>();
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const order = [...sizes.keys()].map((group) => ({ group, key: seedFor(0, `held-out:${group}`) }))
    .sort((a, b) => a.key[0] - b.key[0] || a.key[1] - b.key[1]);
  const out = new Set<string>();
  let left = Math.round(fraction * groups.length);
  for (const { group } of order) {
    const size = sizes.get(group)!; // a key of it
    if (size > left || out.size + 1 === sizes.size) continue; // one group at least is trained on
    out.add(group);
    left -= size;
  }
  const split: Split = { train: [], heldOut: [] };
  for (const [i, group] of groups.entries()) (out.has(group) ? split.heldOut : split.train).push(i);
  return split;
}

/**
 * Uses the split that the data's author defined, and otherwise holds out by group.
 * @param entries all samples
 * @param fraction 0 … 0.9; ignored if the data has a split
 */
export function splitEntries(
  entries: readonly { group: string; split?: "train" | "held-out" | undefined }[],
  fraction: number,
): Split {
  const numbers = entries.map((_, i) => i);
  const heldOut = numbers.filter((i) => entries[i]!.split === "held-out"); // valid indices
  if (heldOut.length === 0 || heldOut.length === entries.length) {
    return splitByGroup(entries.map(({ group }) => group), fraction);
  }
  return { train: numbers.filter((i) => entries[i]!.split !== "held-out"), heldOut };
}
