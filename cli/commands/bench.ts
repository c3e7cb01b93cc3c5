/**
 * `deno task bench`: how fast the parts are, and how fast a training step is compared with
 * PyTorch's.
 */
import {
  childEnvironment,
  COMPUTE_NAMES,
  DENO_NAMES,
  PYTHON_NAMES,
} from "../../core/child_environment.ts";
import { print } from "../terminal/print.ts";
import { fileURLToPath } from "node:url";
import { Argument, type Command, Option } from "commander";
import { UsageError } from "../errors.ts";
import { parsePositive } from "../flags/fields.ts";
import { createStatus } from "../terminal/status.ts";

interface BenchFlags {
  versus?: "pytorch";
  json?: true;
  resolutions?: number[];
  only?: string;
  peers?: ("eager" | "compile" | "autocast")[];
  threads: number;
  device: "cpu" | "gpu";
  rounds: number;
  steps: number;
  python?: string;
  filter?: string;
  facts?: true;
  workers?: number;
  input?: true;
}

/** Each is a file of benchmarks. */
const PARTS = ["ops", "layers", "step", "loader", "checkpoint", "kv"] as const;
const PEERS = ["eager", "compile", "autocast"] as const;

export function register(program: Command): void {
  program.command("bench")
    .addArgument(new Argument("[parts...]", "Parts to measure (default: all)").choices(PARTS))
    .description("Measure the parts, or compare a training step with PyTorch")
    .option("--json", "Print the result as JSON to standard output")
    .option("--filter <text>", "Run only benchmarks whose name contains this text")
    .option("--facts", "Measure the inside of a step: time outside the library, memory, recording")
    .addOption(
      new Option(
        "--workers <number>",
        "Compare this number of one-thread workers with one process of as many threads, in " +
          "turn; takes --resolutions (default: 64), --only, --rounds, --steps",
      ).argParser(parsePositive),
    )
    .option(
      "--input",
      "Measure how long steps wait for images from shards; takes --resolutions (default: " +
        "8,64,256), --threads, --steps",
    )
    .optionsGroup("Against another framework:")
    .addOption(
      new Option("--versus <name>", "Framework to compare with, in turn").choices(["pytorch"]),
    )
    .addOption(
      new Option("--resolutions <list>", "Resolutions in px per side (default: those of each step)")
        .argParser((text) => text.split(",").map(parsePositive)),
    )
    .option("--only <text>", "Run only steps whose name contains this text")
    .addOption(
      new Option("--peers <list>", `PyTorch modes, some of ${PEERS.join(",")} (default: all)`)
        .argParser(parsePeers),
    )
    .addOption(
      new Option("--threads <number>", "Threads for each side").argParser(parsePositive)
        .default(Math.min(2, navigator.hardwareConcurrency)),
    )
    .addOption(
      new Option("--device <kind>", "Device that both sides compute on").choices(["cpu", "gpu"])
        .default("cpu"),
    )
    .addOption(
      new Option("--rounds <number>", "Number of rounds in which the sides take turns").argParser(
        parsePositive,
      )
        .default(12),
    )
    .addOption(
      new Option("--steps <number>", "Steps per side in each round").argParser(parsePositive)
        .default(4),
    )
    .option("--python <path>", "Python with PyTorch (default: one that is installed in the cache)")
    .action(runBench);
}

function parsePeers(text: string): BenchFlags["peers"] {
  return text.split(",").map((word) => {
    const peer = PEERS.find((known) => known === word);
    if (peer) return peer;
    throw new UsageError(
      `Cannot use --peers: expected some of ${PEERS.join(",")}, received ${word}`,
    );
  });
}

async function runBench(parts: string[], flags: BenchFlags): Promise<void> {
  if (flags.versus) return await runAgainst(flags);
  if (flags.facts) return await runFacts(flags);
  if (flags.input) return await runInput(flags);
  if (flags.workers) return await runShared(flags.workers, flags);
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["bench", "-A", "--no-check"],
      ...(flags.filter ? ["--filter", flags.filter] : []),
      ...(flags.json ? ["--json"] : []),
      ...(parts.length > 0 ? parts : PARTS).map((part) =>
        fileURLToPath(new URL(`../../tests/bench/${part}_bench.ts`, import.meta.url))
      ),
    ],
    clearEnv: true,
    env: childEnvironment([DENO_NAMES, COMPUTE_NAMES, PYTHON_NAMES]),
  }).spawn().status;
  if (code !== 0) {
    throw new Error(`Cannot finish the benchmark: expected exit code 0, received ${code}`);
  }
}

async function runAgainst(flags: BenchFlags): Promise<void> {
  const { runVersus } = await import("../../tests/bench/versus/run_versus.ts");
  const { versusMarkdown } = await import("../../tests/bench/versus/markdown.ts");
  const status = createStatus(); // writes to standard error, so it is used with --json as well
  const { resolutions, only, peers, python, threads, device, rounds, steps } = flags;
  const { rows, failed } = await runVersus({
    threads,
    device,
    rounds,
    steps,
    ...(resolutions ? { resolutions } : {}),
    ...(only ? { only } : {}),
    ...(peers ? { peers } : {}),
    ...(python ? { python } : {}),
    onProgress: (message) => status.progress(message),
    onRow: (row) => status.log(`${row.name}, ${row.precision} against ${row.peer}: ${row.ratio}`),
  });
  status.done();
  for (const { name, reason } of failed) status.warn(`${name}: ${reason}`);
  print(flags.json ? JSON.stringify({ rows }) : versusMarkdown(rows));
  if (rows.length === 0) {
    throw new Error("Cannot compare: expected at least one row, received none");
  }
}

async function runFacts(flags: BenchFlags): Promise<void> {
  const { measureFacts } = await import("../../tests/bench/facts/measure_facts.ts");
  const { factsMarkdown } = await import("../../tests/bench/facts/markdown.ts");
  const status = createStatus();
  const facts = await measureFacts({
    threads: flags.threads,
    onProgress: (message) => status.progress(message),
  });
  status.done();
  print(flags.json ? JSON.stringify({ facts }) : factsMarkdown(facts));
}

async function runShared(workers: number, flags: BenchFlags): Promise<void> {
  const { runWorkers } = await import("../../tests/bench/workers/run_workers.ts");
  const { workersMarkdown } = await import("../../tests/bench/workers/markdown.ts");
  const status = createStatus(), { resolutions = [64], only, rounds, steps } = flags;
  const onProgress = (message: string) => status.progress(message);
  const rows = await runWorkers({ workers, resolutions, only, rounds, steps, onProgress });
  status.done();
  print(flags.json ? JSON.stringify({ rows }) : workersMarkdown(rows));
}

async function runInput(flags: BenchFlags): Promise<void> {
  const { inputMarkdown, measureInput } = await import("../../tests/bench/input/measure_input.ts");
  const { selectBackend } = await import("../../core/backend/mod.ts");
  const status = createStatus(), { threads, steps, resolutions = [8, 64, 256] } = flags;
  const backend = await selectBackend({ name: "tensorflow", threads, shards: "auto" });
  const onProgress = (message: string) => status.progress(message);
  const rows = await measureInput({ backend, resolutions, steps, onProgress });
  status.done();
  print(flags.json ? JSON.stringify({ rows }) : inputMarkdown(rows));
}
