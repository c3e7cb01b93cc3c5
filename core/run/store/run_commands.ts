/** A run's default command lines, and those stored by earlier versions. */
import type { RunCommands } from "./types.ts";

/** Stored commands: earlier versions stored a list of lines, or none. */
export type StoredCommands = RunCommands | readonly string[] | undefined;

/** The commands of a run in the default folder of runs. */
export function usualCommands(id: string): RunCommands {
  return {
    resume: `deno task train --resume ${id}`,
    remove: `deno task runs delete ${id}`,
    others: [{ label: "Draw more", command: `deno task sample --run ${id}` }],
  };
}

/** Reads stored commands; lines of a list are recognized by their beginnings. */
export function readCommands(id: string, stored: StoredCommands): RunCommands {
  const usual = usualCommands(id);
  if (!stored) return usual;
  if ("resume" in stored) return stored;
  const find = (start: string) => stored.find((line) => line.startsWith(`${start} `));
  const resume = find("deno task train --resume"), remove = find("deno task runs delete");
  return {
    resume: resume ?? usual.resume,
    remove: remove ?? usual.remove,
    others: stored.filter((line) => line !== resume && line !== remove)
      .map((command) => ({ label: "Use it", command })),
  };
}
