/** Flags that choose what to compute on. */
import { type Command, Option } from "commander";
import type { MachineOptions } from "../../core/run/machine.ts";
import { parsePositive } from "./fields.ts";

/** Flags of {@linkcode addMachine}; commander fills in the defaults. */
export type MachineFlags =
  & MachineOptions
  & Required<Pick<MachineOptions, "backend" | "device" | "download">>;

/** Adds `--backend`, `--device`, `--threads`, `--tensorflow` and `--no-download`. */
export function addMachine(command: Command): Command {
  return command.optionsGroup("Machine:")
    .addOption(
      new Option("--backend <name>", "Backend that computes tensors")
        .choices(["auto", "tensorflow", "webgpu", "wasm", "cpu"]).default("auto"),
    )
    .addOption(
      new Option(
        "--device <kind>",
        "Device that TensorFlow uses; gpu downloads its CUDA build once",
      ).choices(["auto", "cpu", "gpu"]).default("auto"),
    )
    .addOption(
      new Option("--threads <number>", "Threads to compute with (default: one per processor)")
        .argParser(parsePositive),
    )
    .addOption(new Option("--tensorflow <folder>", "Folder with TensorFlow's libraries"))
    .addOption(new Option("--no-download", "Never download TensorFlow's library"));
}
