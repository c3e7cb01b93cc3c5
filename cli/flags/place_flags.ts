/** Flags that every command on runs has: where they and their state are. */
import { type Command, Option } from "commander";
import { defaultRuns } from "../../core/run/typed_folder.ts";

/** Adds `--runs` and `--kv`. */
export function addPlaces(command: Command): Command {
  return command
    .addOption(new Option("--runs <folder>", "Folder of the runs").default(defaultRuns()))
    .addOption(
      new Option(
        "--kv <file-or-url>",
        "Deno KV with the runs' state; for a URL the token is DENO_KV_ACCESS_TOKEN (default: " +
          "cambium.kv in the runs' folder)",
      ),
    );
}
