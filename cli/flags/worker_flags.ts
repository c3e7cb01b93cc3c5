/** Flags for training with several processes. */
import { type Command, Option } from "commander";
import { parseCount, parseDuration, parseNumber, parsePort, parsePositive } from "./fields.ts";

/** The flags as commander parses them. */
export interface WorkerFlags {
  workers?: number;
  cluster?: string;
  rank?: number;
  clusterPort?: number;
  listen?: string;
  restarts?: number;
  joinTimeout: number; // seconds
}

/** Adds the flags under their own heading in the help. */
export function addWorkers(command: Command): void {
  command.optionsGroup("Workers (core/docs/workers.md):")
    .addOption(
      new Option("--workers <number>", "Number of processes on this machine that share each batch")
        .argParser(parsePositive),
    )
    .option("--cluster <addresses>", "host:port of each worker, if you start them yourself")
    .addOption(
      new Option(
        "--rank <number>",
        "Number of this process among the workers; 0 owns the run's folder",
      ).argParser(parseNumber),
    )
    .addOption(
      new Option("--cluster-port <number>", "First port on each node of a Slurm job")
        .argParser(parsePort).default(4701),
    )
    .option(
      "--listen <address>",
      "Address on which this process listens for the others (default: as in --cluster)",
    )
    .addOption(
      new Option(
        "--restarts <number>",
        "How often to restart all workers from the last checkpoint if one is lost (default: 0)",
      ).argParser(parseCount),
    )
    .addOption(
      new Option("--join-timeout <time>", "How long to wait for the other workers at the start")
        .argParser(parseDuration).default(300, "5m"),
    );
}
