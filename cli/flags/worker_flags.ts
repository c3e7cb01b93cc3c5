/** Flags of training with several processes. */
import { type Command, Option } from "commander";
import { parseCount, parseDuration, parseNumber, parsePort, parsePositive } from "./fields.ts";

/** As commander parses them. */
export interface WorkerFlags {
  workers?: number;
  cluster?: string;
  rank?: number;
  clusterPort?: number;
  listen?: string;
  restarts?: number;
  joinTimeout: number; // seconds
}

/** Adds them, with a heading of their own in the help. */
export function addWorkers(command: Command): void {
  command.optionsGroup("Workers (core/docs/workers.md):")
    .addOption(
      new Option("--workers <number>", "Processes on this machine that share each batch out")
        .argParser(parsePositive),
    )
    .option("--cluster <addresses>", "host:port of each worker, where they are started by hand")
    .addOption(
      new Option("--rank <number>", "Which of them this process is; 0 owns the run's folder")
        .argParser(parseNumber),
    )
    .addOption(
      new Option("--cluster-port <number>", "The first port on each node of a Slurm job")
        .argParser(parsePort).default(4701),
    )
    .option(
      "--listen <address>",
      "Where this process listens for the others (default: as in --cluster)",
    )
    .addOption(
      new Option(
        "--restarts <number>",
        "How often all start again from the last checkpoint where one is lost (default: 0)",
      ).argParser(parseCount),
    )
    .addOption(
      new Option("--join-timeout <time>", "How long the others are waited for at the start")
        .argParser(parseDuration).default(300, "5m"),
    );
}
