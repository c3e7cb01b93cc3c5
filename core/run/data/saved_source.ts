/** A source of data as `config.json` keeps it. */
import { resolve } from "node:path";
import type { DataKind } from "../../data.ts";

/** Sources that are names, not paths. */
const NAMED: Record<DataKind, RegExp> = {
  images: /^(npm:|emoji$|emoji:)/,
  sketches: /^(npm:|icons$)/,
};

/**
 * Makes a path absolute, so that the run can be resumed from any folder; names are left as they
 * are.
 * @param text as for `--data`
 */
export function savedSource(text: string, kind: DataKind): string {
  const [, shards] = /^shards:(.*)$/s.exec(text) ?? [];
  if (shards !== undefined) return /^https?:/i.test(shards) ? text : `shards:${resolve(shards)}`;
  return NAMED[kind].test(text) ? text : resolve(text);
}
