/** `deno task web`: the dashboard, in a process that may read runs and nothing else. */
import { type Command, Option } from "commander";
import { checkBackendOptions } from "../../core/backend/mod.ts";
import { EXIT, UsageError } from "../errors.ts";
import { parsePort } from "../flags/fields.ts";
import { startDashboard } from "../start_dashboard.ts";
import { createStatus } from "../terminal/status.ts";
import { addMachine, type MachineFlags } from "../flags/machine_flags.ts";
import { addPlaces } from "../flags/place_flags.ts";
import { isThere, type RunPlaces } from "../../core/run/places.ts";

interface WebFlags extends RunPlaces, MachineFlags {
  host: string;
  port: number;
  token?: string;
  explore: boolean;
}

/** The server's own bound, which refuses shorter tokens too; a test starts it with one of this length. */
const MIN_TOKEN_LENGTH = 22;

/** Adds the command. */
export function register(program: Command): void {
  const command = program.command("web")
    .description("Open the dashboard of all runs")
    .addOption(
      new Option("--port <number>", "0 takes a free one").argParser(parsePort).default(7474),
    )
    .option(
      "--host <address>",
      "Address to listen on; others than this machine's own need --token",
      "127.0.0.1",
    )
    .option("--token <text>", `What a browser must show, ${MIN_TOKEN_LENGTH} characters or more`)
    .option("--no-explore", "Start no process that draws for the Explore page");
  addPlaces(command);
  addMachine(command);
  command.action(runWeb);
}

async function runWeb(flags: WebFlags): Promise<void> {
  const { host, token, runs } = flags, status = createStatus();
  const isOwn = host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
  if (token === undefined ? !isOwn : token.length < MIN_TOKEN_LENGTH) {
    throw new UsageError(
      `Cannot serve on ${host}: expected --token with ${MIN_TOKEN_LENGTH} characters or more, received ${
        token === undefined ? "none" : `${token.length} characters`
      }${isOwn ? ". This machine alone needs none" : ", and other machines can reach it"}`,
    );
  }
  if (flags.explore) checkBackendOptions({ name: flags.backend, device: flags.device });
  if (!await isThere(runs)) {
    status.warn(
      `--runs ${runs} did not exist and is made now: runs show once they are trained into it`,
    );
  }
  const dashboard = await startDashboard(flags, status);
  console.log(`Dashboard: ${dashboard.url}`);
  console.log("Ctrl-C ends it; training goes on.");
  const stop = Promise.withResolvers<void>();
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, stop.resolve);
  const code = await Promise.race([stop.promise.then(() => EXIT.ok), dashboard.ended]);
  await dashboard.close();
  if (code !== EXIT.ok) {
    throw new Error(`Cannot go on: the dashboard's process ended with code ${code}`);
  }
}
