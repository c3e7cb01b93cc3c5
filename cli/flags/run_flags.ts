/** Flags shared by all commands that open a run. */
import { type Command, Option } from "commander";
import type { RunPlaces } from "../../core/run/places.ts";
import { defaultRuns } from "../../core/run/typed_folder.ts";
import { parseCount } from "./fields.ts";
import { trustOption } from "./trust_flag.ts";
import { addMachine, type MachineFlags } from "./machine_flags.ts";

/** Flags of {@linkcode addRun}. */
export interface RunFlags extends Pick<RunPlaces, "runs">, MachineFlags {
  run?: string;
  checkpoint?: number;
  trust?: true;
}

/** Adds `--run`, `--checkpoint`, `--runs`, `--trust`, and the flags of the machine. */
export function addRun(command: Command): Command {
  command.optionsGroup("Run:")
    .option("--run <run>", "Number, name or folder of the run (default: the newest)")
    .addOption(
      new Option(
        "--checkpoint <images>",
        "Checkpoint at this many images (default: the newest)",
      ).argParser(parseCount),
    )
    .addOption(new Option("--runs <folder>", "Folder of the runs").default(defaultRuns()))
    .addOption(trustOption());
  return addMachine(command);
}
