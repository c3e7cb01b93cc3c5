/** Reads the heads of all runs, so that a damaged one leaves the others readable. */
import type { RunHead, RunStore } from "../../core/run/store/types.ts";
import { messageOf } from "../../core/text.ts";

/** What could be read, and what could not. */
export interface Heads {
  heads: RunHead[];
  /** A message for each run whose head is damaged. */
  damaged: string[];
}

/**
 * Reads every run's head.
 * @throws Error where none can be read, because then the store itself is at fault
 */
export async function readHeads(store: RunStore): Promise<Heads> {
  try {
    const found = await store.list();
    return sorted(found, found.every(hasId) ? [] : await store.ids());
  } catch (error) {
    const ids = await store.ids();
    const lines: string[] = [];
    const read = await Promise.all(ids.map((id) =>
      store.head(id).catch((cause) => {
        lines.push(`${id}: ${messageOf(cause)}`);
        return null;
      })
    ));
    const heads = read.filter((head) => head !== null);
    if (heads.length === 0 && lines.length !== 1) throw error;
    const { heads: whole, damaged } = sorted(heads, ids);
    return { heads: whole, damaged: [...lines, ...damaged] };
  }
}

/** Whether a value from the store is a head as this version writes it. */
export function isHead(value: unknown): value is RunHead {
  if (typeof value !== "object" || value === null) return false;
  const head = value as Record<string, unknown>; // each property is checked below
  return ["id", "status", "plugin", "data", "phaseKind"].every((k) =>
    typeof head[k] === "string"
  ) &&
    ["resolution", "alpha", "imagesSeen", "imagesTotal", "startedAt", "heartbeatAt", "sessions"]
      .every((k) => typeof head[k] === "number");
}

/** The error that a page shows for a run whose head is damaged. */
export function damagedHead(id: string): Error {
  return new Error(
    `Cannot read run "${id}": its record in the run store is damaged. Its folder is not ` +
      `touched by that: ` +
      `deno task runs lists it, and deno task train --resume ${id} goes on from its checkpoint`,
  );
}

/** @param ids of all runs; those that no head names belong to heads that lost their id */
function sorted(found: readonly unknown[], ids: readonly string[]): Heads {
  const heads = found.filter(isHead);
  const known = found.filter(hasId).filter((head) => !isHead(head)).map(({ id }) => id);
  const told = new Set([...heads.map(({ id }) => id), ...known]);
  const nameless = found.every(hasId) ? [] : ids.filter((id) => !told.has(id));
  return { heads, damaged: [...known, ...nameless].map((id) => damagedHead(id).message) };
}

function hasId(head: unknown): head is { id: string } {
  return typeof (Object(head) as { id?: unknown }).id === "string";
}
