/** The keys of the run store in Deno KV. */

/** Keys by their content; those under `["runs", id]` are deleted with the run. */
export const keys = {
  schema: ["schema"],
  /** Set at every change of any head: its versionstamp tells readers that something changed. */
  revision: ["revision"],
  index: (id: string) => ["index", id],
  head: (id: string) => ["runs", id],
  /** Set at every change of the run. */
  runRevision: (id: string) => ["runs", id, "revision"],
  details: (id: string) => ["runs", id, "details"],
  detailsPart: (id: string, part: number) => ["runs", id, "details", part],
  series: (id: string) => ["runs", id, "series"],
  chunk: (id: string, chunk: number) => ["runs", id, "series", chunk],
  samples: (id: string) => ["runs", id, "samples"],
  sample: (
    id: string,
    imagesSeen: number,
    path: string,
  ) => ["runs", id, "samples", imagesSeen, path],
  checkpoints: (id: string) => ["runs", id, "checkpoints"],
  checkpoint: (id: string, imagesSeen: number) => ["runs", id, "checkpoints", imagesSeen],
  panels: (id: string) => ["runs", id, "panels"],
  panel: (id: string, plugin: string, name: string) => ["runs", id, "panels", plugin, name],
  log: (id: string) => ["runs", id, "log"],
  line: (id: string, line: number) => ["runs", id, "log", line],
  stop: (id: string) => ["stop", id],
} satisfies Record<string, Deno.KvKey | ((...args: never[]) => Deno.KvKey)>;

/** Size of one part of a split value, bytes: a KV value holds 65,536 including its framing. */
export const PART_BYTES = 60_000;

/** Encodes plain data as JSON, split so that each part fits into a value. */
export function splitJson(value: unknown): Uint8Array[] {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += PART_BYTES) {
    parts.push(bytes.slice(at, at + PART_BYTES));
  }
  return parts;
}

/** The inverse of {@linkcode splitJson}; the caller names the type it stored. */
export function joinJson<T>(parts: readonly Uint8Array[]): T {
  const decoder = new TextDecoder();
  const text = parts.map((part) => decoder.decode(part, { stream: true })).join("");
  return JSON.parse(text + decoder.decode()) as T; // written by splitJson()
}
