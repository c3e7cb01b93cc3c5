/**
 * `explorer`: the generating process of the dashboard's Explore page; started by `deno task web`.
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
 * Adds the command; it prints its port once it listens, and takes its token from
 * CAMBIUM_EXPLORER_TOKEN.
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
    // Ends with the process that started it: its pipe closes.
    for await (const _ of Deno.stdin.readable);
    Deno.exit(0);
  });
}
