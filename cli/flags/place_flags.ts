/** Flags shared by all commands on runs: where the runs and their state are. */
import { type Command, Option } from "commander";
import { defaultRuns } from "../../core/run/typed_folder.ts";

/** Adds `--runs` and `--kv`. */
export function addPlaces(command: Command): Command {
  return command
    .addOption(new Option("--runs <folder>", "Folder of the runs").default(defaultRuns()))
    .addOption(
      new Option(
        "--kv <file-or-url>",
        "Deno KV with the state of the runs; for a URL, DENO_KV_ACCESS_TOKEN is the token " +
          "(default: cambium.kv in the folder of the runs)",
      ),
    );
}
