/** A source of data as `config.json` keeps it. */
import { resolve } from "node:path";
import type { DataKind } from "../../data.ts";

/** What is a name, not a path. */
const NAMED: Record<DataKind, RegExp> = {
  images: /^(npm:|emoji$|emoji:)/,
  sketches: /^(npm:|icons$)/,
};

/**
 * A path becomes absolute, so that the run goes on from whatever folder it is resumed in; names
 * stay.
 * @param text as `--data` takes it
 */
export function savedSource(text: string, kind: DataKind): string {
  const [, shards] = /^shards:(.*)$/s.exec(text) ?? [];
  if (shards !== undefined) return /^https?:/i.test(shards) ? text : `shards:${resolve(shards)}`;
  return NAMED[kind].test(text) ? text : resolve(text);
}
