/**
 * `explorer`: the process that generates for the dashboard's Explore page; `deno task web` starts
 * it.
 */
import { print } from "../terminal/print.ts";
import type { Command } from "commander";
import { serveExplorer } from "../../core/explore/mod.ts";
import { UsageError } from "../errors.ts";
import { createEngine } from "../explorer/engine.ts";
import { createStatus } from "../terminal/status.ts";
import { addMachine, type MachineFlags } from "../flags/machine_flags.ts";
import { addPlaces } from "../flags/place_flags.ts";
import { selectRunBackend } from "../../core/run/machine.ts";
import type { RunPlaces } from "../../core/run/places.ts";

/**
 * Adds the command. It reads its token from CAMBIUM_EXPLORER_TOKEN, and prints its port once it is
 * listening.
 */
export function register(program: Command): void {
  const command = program.command("explorer", { hidden: true })
    .description("Draw for the dashboard; started by deno task web");
  addPlaces(command);
  addMachine(command);
  command.action(async (flags: RunPlaces & MachineFlags) => {
    const token = Deno.env.get("CAMBIUM_EXPLORER_TOKEN");
    if (!token) {
      throw new UsageError(
        "Cannot start: expected CAMBIUM_EXPLORER_TOKEN; use deno task web instead",
      );
    }
    const status = createStatus(true);
    const backend = await selectRunBackend(flags, { precision: "float32", work: "draw" }, status);
    const engine = createEngine({ backend, runs: flags.runs, notices: status });
    const { port } = serveExplorer(engine, { token });
    print(String(port));
    // The pipe closes when the process that started this one ends; then this one ends, too.
    for await (const _ of Deno.stdin.readable);
    Deno.exit(0);
  });
}
