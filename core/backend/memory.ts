/** How much memory the process may use, and how steps are split when it runs out. */
import { join } from "node:path";
import { messageOf } from "../text.ts";

/** Reads a small text file; returns null if it does not exist. */
type ReadText = (path: string) => string | null;

/**
 * The memory still available to the process: the smallest of what the system and each of its
 * control groups (container limits) have left. File cache that a group can drop counts as
 * available.
 * @returns bytes
 */
export function availableMemory(
  system: number = Deno.systemMemoryInfo().available,
  read: ReadText = readText,
): number {
  let least = system;
  for (const { folder, limit, usage, cache } of controlGroups(read)) {
    const most = numberIn(read(join(folder, limit))), used = numberIn(read(join(folder, usage)));
    if (most === undefined || used === undefined) continue;
    const droppable = new RegExp(`^${cache} (\\d+)$`, "m")
      .exec(read(join(folder, "memory.stat")) ?? "")?.[1];
    least = Math.min(least, Math.max(0, most - used + Number(droppable ?? 0)));
  }
  return least;
}

const ROOT = "/sys/fs/cgroup";

interface ControlGroup {
  folder: string;
  limit: string;
  usage: string;
  cache: string;
}

/** The process's control group and its ancestors, both cgroup v2 and v1's memory controller. */
function controlGroups(read: ReadText): ControlGroup[] {
  const groups: ControlGroup[] = [];
  for (const line of (read("/proc/self/cgroup") ?? "").split("\n")) {
    const [, controllers, path] = /^\d+:([^:]*):\/(.*)$/.exec(line) ?? [];
    const isVersion1 = controllers?.split(",").includes("memory") ?? false;
    if (path === undefined || (controllers !== "" && !isVersion1)) continue;
    const parts = path === "" ? [] : path.split("/");
    for (let depth = parts.length; depth >= 0; depth--) {
      const inner = parts.slice(0, depth).join("/");
      groups.push(
        isVersion1
          ? {
            folder: join(ROOT, "memory", inner),
            limit: "memory.limit_in_bytes",
            usage: "memory.usage_in_bytes",
            cache: "total_inactive_file",
          }
          : {
            folder: join(ROOT, inner),
            limit: "memory.max",
            usage: "memory.current",
            cache: "inactive_file",
          },
      );
    }
  }
  return groups;
}

/** Parses a whole number; undefined for "max" and for a missing file. */
function numberIn(text: string | null): number | undefined {
  const found = /^\d+$/.exec(text?.trim() ?? "")?.[0];
  return found === undefined ? undefined : Number(found);
}

function readText(path: string): string | null {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return null; // another system, or a controller that isn't mounted
  }
}

/** How TensorFlow, WebAssembly and V8 report that memory is exhausted. */
const PATTERN =
  /ResourceExhausted|\bOOM\b|out of memory|failed to allocate|cannot enlarge memory|array buffer allocation failed|invalid typed array length: \d/i;

/** Whether the error, or one of its causes, reports that memory is exhausted. */
export function isOutOfMemory(error: unknown): boolean {
  for (let e = error; e !== undefined && e !== null; e = e instanceof Error ? e.cause : undefined) {
    if (PATTERN.test(messageOf(e))) return true;
  }
  return false;
}

/**
 * The number of parts that a batch of `batchSize` is cut into: its smallest divisor that is at
 * least `parts`.
 */
export function partsOf(batchSize: number, parts: number): number {
  let divisor = Math.min(parts, batchSize);
  while (batchSize % divisor !== 0) divisor++;
  return divisor;
}
