/**
 * `train --workers n`: starts a process for each worker on this machine. Worker 0 owns the run's
 * folder and the terminal. This process only waits, ends the others when one ends prematurely, and
 * restarts them all if asked to (`--restarts`). With `--cluster` it does so for a single worker.
 */
import { fileURLToPath } from "node:url";
import { childEnvironment, COMPUTE_NAMES, DENO_NAMES } from "../../core/child_environment.ts";
import { messageOf } from "../../core/text.ts";
import { EXIT } from "../errors.ts";
import { stopSignals } from "../terminal/stop_signals.ts";
import { hearChildren } from "./child_workers.ts";
import { LAUNCHER, launcherText } from "./watch_orders.ts";

/** Time for the other workers to report why they end after one has failed, ms. */
const LAST_WORDS = 5000;

/** What to start. */
export interface LaunchOptions {
  /** Arguments that differ by worker (`--cluster` and `--rank`), by rank; called at each start. */
  places(): ReadonlyMap<number, readonly string[]>;
  /** Arguments that all workers get, `train` first, without those meant for this process. */
  argv: readonly string[];
  /** How often to restart all workers after one is lost. */
  restarts: number;
  /** Called with what happens, one line at a time. */
  tell(message: string): void;
}

/** How the workers ended. */
interface Ended {
  code: number;
  /** What the failed worker did. */
  what: string;
  run: string | undefined;
}

/**
 * Trains with worker processes.
 * @returns the exit code: that of the failed worker, or 75 where one was killed or frozen
 */
export async function launchWorkers(options: LaunchOptions): Promise<number> {
  const { restarts, tell } = options;
  let argv = options.argv;
  for (let restart = 0;; restart++) {
    const { code, what, run } = await runOnce({ ...options, argv });
    const wasIntended = [EXIT.ok, EXIT.usage, EXIT.interrupted].some((intended) =>
      intended === code
    );
    if (wasIntended || restart === restarts) {
      if (code !== 0 && restarts > 0 && !wasIntended) tell(`${what}; no restart is left`);
      return code;
    }
    const from = run ? `from the last checkpoint of ${run}` : "from the beginning";
    tell(`${what}: starting again ${from} (restart ${restart + 1} of ${restarts})`);
    if (run) argv = resumingArguments(argv, run);
  }
}

async function runOnce({ places, argv, tell }: LaunchOptions): Promise<Ended> {
  const children = new Map<number, Deno.ChildProcess>();
  const all = (signal: Deno.Signal) => children.forEach((child) => end(child, signal));
  let isStopping = false;
  const heard = hearChildren((rank) => {
    tell(`worker ${rank} is frozen and will be killed`);
    const child = children.get(rank);
    if (child) end(child, "SIGKILL");
  });
  // Ctrl-C reaches all processes of a terminal; other signals reach only this one.
  const signals = stopSignals((name) => {
    isStopping = true;
    if (name !== "Ctrl-C") all("SIGTERM");
  });
  const main = fileURLToPath(new URL("../main.ts", import.meta.url));
  const start = (rank: number, place: readonly string[]) => {
    const owner = rank === 0 ? "inherit" : "null";
    return new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", main, ...argv, ...place],
      clearEnv: true,
      env: childEnvironment(
        [COMPUTE_NAMES, DENO_NAMES, /^(TERM|COLORTERM|CAMBIUM_\w+)$/],
        { [LAUNCHER]: launcherText(heard.address) },
      ),
      stdin: owner,
      stdout: owner,
      stderr: "inherit",
    }).spawn();
  };
  const failed: Failure[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    for (const [rank, place] of places()) children.set(rank, start(rank, place));
    await Promise.all([...children].map(async ([rank, child]) => {
      const { code, signal } = await child.status;
      if (code === 0) return;
      failed.push({ rank, code, signal, isOurs: timer !== undefined });
      timer ??= setTimeout(() => all("SIGKILL"), LAST_WORDS);
    }));
    return { ...outcomeOf(failed, isStopping), run: heard.run };
  } catch (error) { // a process could not be started
    all("SIGKILL");
    await Promise.all([...children.values()].map((child) => child.status));
    throw error;
  } finally {
    clearTimeout(timer);
    signals.dispose();
    heard.close();
  }
}

interface Failure {
  rank: number;
  code: number;
  signal: Deno.Signal | null;
  /** Whether this process was already ending the workers. */
  isOurs: boolean;
}

/**
 * Picks the failure that caused the others: a killed worker first, then a worker's own error, then
 * the loss of another worker.
 */
function outcomeOf(failed: readonly Failure[], isStopping: boolean): Omit<Ended, "run"> {
  const killed = failed.find(({ signal, isOurs }) => signal !== null && !isOurs);
  const own = failed.find(({ signal, code }) => signal === null && code !== EXIT.lost);
  const first = killed ?? own ?? failed[0];
  if (!first) return { code: EXIT.ok, what: "" };
  const { rank, signal, code } = first;
  if (isStopping) return { code: EXIT.interrupted, what: "stopped" };
  if (signal) return { code: EXIT.lost, what: `worker ${rank} was ended by ${signal}` };
  return code === EXIT.lost
    ? { code, what: "a worker was lost" }
    : { code, what: `worker ${rank} ended with exit code ${code}` };
}

function end(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch (error) {
    // it has already ended
    if (!/already|terminated|exited|no such process/i.test(messageOf(error))) throw error;
  }
}

/** Options that only start a run; its folder keeps what they set. */
const OF_A_BEGINNING = [
  ...["--preset", "--config", "--from", "--name", "--resume"],
  ...["--minutes", "--hours"], // the plan exists and is kept
];

/** Arguments that resume a run which the given arguments started. */
export function resumingArguments(argv: readonly string[], run: string): string[] {
  const rest = OF_A_BEGINNING.reduce<string[]>(withoutOption, [...argv]);
  return [...rest, "--resume", run];
}

/** Removes an option and its value, if it has one. */
export function withoutOption(argv: readonly string[], name: string): string[] {
  return argv.filter((word, i) =>
    word !== name && !word.startsWith(`${name}=`) &&
    (argv[i - 1] !== name || word.startsWith("--"))
  );
}
