/** How much memory the process may take, and what to do where a step finds none. */
import { join } from "node:path";
import { messageOf } from "../text.ts";

/** Reads a small text file; null where there is none. */
type ReadText = (path: string) => string | null;

/**
 * The least of what the system has available and what each control group of the process (a
 * container's limit) has left. Pages of files that a group could drop count as left.
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

/** The process's group and those around it, of version 2 and of version 1's memory controller. */
function controlGroups(read: ReadText): ControlGroup[] {
  const groups: ControlGroup[] = [];
  for (const line of (read("/proc/self/cgroup") ?? "").split("\n")) {
    const [, controllers, path] = /^\d+:([^:]*):\/(.*)$/.exec(line) ?? [];
    const isFirst = controllers?.split(",").includes("memory") ?? false;
    if (path === undefined || (controllers !== "" && !isFirst)) continue;
    const parts = path === "" ? [] : path.split("/");
    for (let depth = parts.length; depth >= 0; depth--) {
      const inner = parts.slice(0, depth).join("/");
      groups.push(
        isFirst
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

/** A whole number; undefined for "max" and where there is no file. */
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

/** TensorFlow's, WebAssembly's and V8's words for it. */
const PATTERN =
  /ResourceExhausted|\bOOM\b|out of memory|failed to allocate|cannot enlarge memory|array buffer allocation failed|invalid typed array length: \d/i;

/** True where the error, or what caused it, says that memory is exhausted. */
export function isOutOfMemory(error: unknown): boolean {
  for (let e = error; e !== undefined && e !== null; e = e instanceof Error ? e.cause : undefined) {
    if (PATTERN.test(messageOf(e))) return true;
  }
  return false;
}

/**
 * The parts that a batch of `batchSize` is cut into: the smallest divisor of it that is at least
 * `parts`.
 */
export function partsOf(batchSize: number, parts: number): number {
  let divisor = Math.min(parts, batchSize);
  while (batchSize % divisor !== 0) divisor++;
  return divisor;
}
