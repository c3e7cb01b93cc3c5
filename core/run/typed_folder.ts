/**
 * Finds the folder where a command was typed: `deno task` runs every task in the folder of its
 * deno.json.
 */
import { join } from "node:path";

/** Where this process was started. */
const started = Deno.cwd();

/**
 * Changes to the folder where `deno task` was typed, so that paths on the command line are relative
 * to it. `deno task` and npm set INIT_CWD to it, and PWD to the folder where they run the task. If
 * these variables are inherited from an outer task, PWD differs from this process's folder, which
 * is then left as it is.
 * @param env reads an environment variable
 */
export function enterTypedFolder(
  env: (name: string) => string | undefined = (name) => Deno.env.get(name),
): void {
  const typed = env("INIT_CWD"), task = env("PWD");
  if (!typed || !task || !isSame(task, started)) return;
  Deno.chdir(typed);
}

/** The default of `--runs`: "runs" in the folder of the tasks, wherever a task is typed. */
export function defaultRuns(): string {
  return Deno.cwd() === started ? "runs" : join(started, "runs");
}

/** Whether two paths lead to the same folder. */
function isSame(a: string, b: string): boolean {
  try {
    return Deno.realPathSync(a) === Deno.realPathSync(b);
  } catch {
    return false; // one does not exist
  }
}
