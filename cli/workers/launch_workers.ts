/**
 * `train --workers n`: a process for each, on this machine. The first one owns the run's folder and
 * the terminal; this process only waits, ends the others where one ends before its time, and starts
 * all again where that is wished (`--restarts`). With `--cluster` it does so for one worker.
 */
import { fileURLToPath } from "node:url";
import { childEnvironment, COMPUTE_NAMES, DENO_NAMES } from "../../core/child_environment.ts";
import { messageOf } from "../../core/text.ts";
import { EXIT } from "../errors.ts";
import { stopSignals } from "../terminal/stop_signals.ts";
import { hearChildren } from "./child_workers.ts";
import { LAUNCHER, launcherText } from "./watch_orders.ts";

/** After one has failed, the others are given this long to tell why they end, ms. */
const LAST_WORDS = 5000;

/** What to start. */
export interface LaunchOptions {
  /** Command lines that differ by worker, by rank: `--cluster` and `--rank`; asked for each start. */
  places(): ReadonlyMap<number, readonly string[]>;
  /** Arguments that all are given, `train` first, without those of this process. */
  argv: readonly string[];
  /** How often all are started again where one is lost. */
  restarts: number;
  /** Told what happens, a line each. */
  tell(message: string): void;
}

/** How the workers ended. */
interface Ended {
  code: number;
  /** What the one that failed did. */
  what: string;
  run: string | undefined;
}

/**
 * Trains with processes of their own.
 * @returns the exit code: that of a worker that failed, or 75 where one was killed or frozen
 */
export async function launchWorkers(options: LaunchOptions): Promise<number> {
  const { restarts, tell } = options;
  let argv = options.argv;
  for (let restart = 0;; restart++) {
    const { code, what, run } = await runOnce({ ...options, argv });
    const wasWished = [EXIT.ok, EXIT.usage, EXIT.interrupted].some((wished) => wished === code);
    if (wasWished || restart === restarts) {
      if (code !== 0 && restarts > 0 && !wasWished) tell(`${what}; no restart is left`);
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
    tell(`worker ${rank} is frozen: it is ended`);
    const child = children.get(rank);
    if (child) end(child, "SIGKILL");
  });
  // Ctrl-C reaches all of a terminal's processes; other signals are sent to this one alone.
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
  } catch (error) { // one can't be started
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
  /** Whether the others were being ended when it ended. */
  isOurs: boolean;
}

/** The failure that others followed: a kill, or a worker's own error, before the loss of another. */
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
    // it has ended by itself
    if (!/already|terminated|exited|no such process/i.test(messageOf(error))) throw error;
  }
}

/** What a run is begun with and goes on without: its folder keeps it. */
const OF_A_BEGINNING = [
  ...["--preset", "--config", "--from", "--name", "--resume"],
  ...["--minutes", "--hours"], // the plan is made, and stays
];

/** Arguments that go on with a run as others began it. */
export function resumingArguments(argv: readonly string[], run: string): string[] {
  const rest = OF_A_BEGINNING.reduce<string[]>(withoutOption, [...argv]);
  return [...rest, "--resume", run];
}

/** Arguments without an option and its value, where it has one. */
export function withoutOption(argv: readonly string[], name: string): string[] {
  return argv.filter((word, i) =>
    word !== name && !word.startsWith(`${name}=`) &&
    (argv[i - 1] !== name || word.startsWith("--"))
  );
}
