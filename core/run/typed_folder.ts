/**
 * Where a command was typed, which `deno task` hides: it runs every task in the folder of its
 * deno.json.
 */
import { join } from "node:path";

/** Where this process was started. */
const started = Deno.cwd();

/**
 * Goes to the folder where `deno task` was typed, so that every path on the command line is
 * relative to it. `deno task` and npm name it in INIT_CWD and stand in PWD; where these are left
 * over from a task further up, PWD is not where this process stands, and it stays there.
 * @param env reads an environment variable
 */
export function enterTypedFolder(
  env: (name: string) => string | undefined = (name) => Deno.env.get(name),
): void {
  const typed = env("INIT_CWD"), task = env("PWD");
  if (!typed || !task || !isSame(task, started)) return;
  Deno.chdir(typed);
}

/**
 * Where runs are kept unless `--runs` says so: "runs" beside the tasks, wherever one of them is
 * typed.
 */
export function defaultRuns(): string {
  return Deno.cwd() === started ? "runs" : join(started, "runs");
}

/** Whether two paths lead to one folder. */
function isSame(a: string, b: string): boolean {
  try {
    return Deno.realPathSync(a) === Deno.realPathSync(b);
  } catch {
    return false; // one is gone
  }
}
