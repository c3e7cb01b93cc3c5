/**
 * `train --workers n`: a process for each, on this machine. The first one owns the run's folder and
 * the terminal; this process only waits, and ends the others where one ends before its time.
 */
import { fileURLToPath } from "node:url";
import { childEnvironment, COMPUTE_NAMES, DENO_NAMES } from "../../core/child_environment.ts";
import { messageOf } from "../../core/text.ts";
import { freeAddresses } from "../../core/workers/free_addresses.ts";
import { stopSignals } from "../terminal/stop_signals.ts";

/** After one has failed, the others are given this long to tell why they end, ms. */
const LAST_WORDS = 5000;

/** What to start. */
export interface LaunchOptions {
  workers: number;
  /** Arguments of the command line that all are given, `train` first, without --workers. */
  argv: readonly string[];
}

/**
 * Trains with several processes on loopback.
 * @returns the first process's exit code, or that of one that failed
 */
export async function launchWorkers({ workers, argv }: LaunchOptions): Promise<number> {
  const cluster = freeAddresses(workers).join();
  const main = fileURLToPath(new URL("../main.ts", import.meta.url));
  const children = Array.from({ length: workers }, (_, rank) => {
    const place = ["--cluster", cluster, "--rank", String(rank)];
    return new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", main, ...argv, ...place],
      clearEnv: true,
      env: childEnvironment([COMPUTE_NAMES, DENO_NAMES, /^(TERM|COLORTERM|CAMBIUM_\w+)$/]),
      stdin: rank === 0 ? "inherit" : "null",
      stdout: rank === 0 ? "inherit" : "null",
      stderr: "inherit",
    }).spawn();
  });
  // Ctrl-C reaches all of a terminal's processes; other signals are sent to this one alone.
  const signals = stopSignals((name) => {
    if (name !== "Ctrl-C") { for (const child of children) end(child, "SIGTERM"); }
  });
  try {
    const failed: { code: number }[] = [];
    await Promise.all(children.map(async (child) => {
      const { code, signal } = await child.status;
      if (code === 0) return;
      failed.push({ code: signal ? 1 : code });
      if (failed.length > 1) return;
      const timer = setTimeout(() => children.forEach((c) => end(c, "SIGKILL")), LAST_WORDS);
      await Promise.all(children.map((c) => c.status)).finally(() => clearTimeout(timer));
    }));
    return failed[0]?.code ?? 0;
  } finally {
    signals.dispose();
  }
}

function end(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch (error) {
    // it has ended by itself
    if (!/already|terminated|exited|no such process/i.test(messageOf(error))) throw error;
  }
}

/** Arguments without an option and its value. */
export function withoutOption(argv: readonly string[], name: string): string[] {
  return argv.filter((word, i) =>
    word !== name && !word.startsWith(`${name}=`) && argv[i - 1] !== name
  );
}
