/** `deno task web`: serves the dashboard, in a process that may do little more than read runs. */
import { print } from "../terminal/print.ts";
import { type Command, Option } from "commander";
import { checkBackendOptions } from "../../core/backend/mod.ts";
import { expectWritableFolder } from "../../core/expect_writable.ts";
import { EXIT, UsageError } from "../errors.ts";
import { parsePort } from "../flags/fields.ts";
import { startDashboard } from "../start_dashboard.ts";
import { createStatus } from "../terminal/status.ts";
import { messageOf } from "../../core/text.ts";
import { addMachine, type MachineFlags } from "../flags/machine_flags.ts";
import { addPlaces } from "../flags/place_flags.ts";
import type { Notices } from "../../core/run/notices.ts";
import { isThere, type RunPlaces } from "../../core/run/places.ts";

interface WebFlags extends RunPlaces, MachineFlags {
  host: string;
  port: number;
  tokenFile?: string;
  allowHost?: string[];
  base?: string;
  trustProxy?: true;
  explore: boolean;
}

/** Upper bound of the size of a token file. */
const MAX_TOKEN_BYTES = 4096;

export function register(program: Command): void {
  const command = program.command("web")
    .description("Open the dashboard of all runs")
    .addOption(
      new Option("--port <number>", "Port to listen on; 0: a free one").argParser(parsePort)
        .default(7474),
    )
    .option(
      "--host <address>",
      "Address to listen on; if it is not this machine's own, browsers must present a token",
      "127.0.0.1",
    )
    .option(
      "--allow-host <name>",
      "Another NAME or NAME:PORT under which browsers reach the dashboard (tunnel, container, " +
        "proxy); may be repeated",
      (name: string, before: string[] | undefined) => [...(before ?? []), name],
    )
    .option("--base <path>", "Path under which a proxy serves the dashboard, e.g. /cambium")
    .option(
      "--trust-proxy",
      "Trust X-Forwarded-Host and X-Forwarded-Proto; only if every request comes through a " +
        "proxy that sets them",
    )
    .option(
      "--token-file <file>",
      "File with the token that browsers must present (default: CAMBIUM_WEB_TOKEN, otherwise one " +
        "is generated and printed if needed)",
    )
    .option("--no-explore", "Do not start the process that draws for the Explore page");
  addPlaces(command);
  addMachine(command);
  command.action(runWeb);
}

async function runWeb(flags: WebFlags): Promise<void> {
  const { runs, tokenFile } = flags, status = createStatus();
  if (flags.explore) checkBackendOptions({ name: flags.backend, device: flags.device });
  if (!await isThere(runs)) {
    await expectWritableFolder(runs, { purpose: "make", advice: "Name another by --runs" });
    status.warn(
      `--runs ${runs} did not exist and was created: runs appear once they are trained into it`,
    );
  }
  const token = tokenFile === undefined
    ? Deno.env.get("CAMBIUM_WEB_TOKEN")
    : await readToken(tokenFile, status);
  const options = { ...flags, host: flags.host.replace(/^\[(.*)\]$/, "$1") };
  const dashboard = await startDashboard(token ? { ...options, token } : options, status);
  print(`Dashboard: ${dashboard.url}`);
  if (dashboard.token !== undefined) {
    print(`Token:     ${dashboard.token} (a browser asks for it once)`);
  }
  print("Ctrl-C ends it; training goes on.");
  const stop = Promise.withResolvers<void>();
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, stop.resolve);
  const code = await Promise.race([stop.promise.then(() => EXIT.ok), dashboard.ended]);
  await dashboard.close();
  if (code !== EXIT.ok) {
    throw new Error(`Cannot go on: the dashboard's process ended with code ${code}`);
  }
}

/** @throws UsageError where the file cannot be read, or contains no token */
async function readToken(path: string, status: Notices): Promise<string> {
  try {
    const { size, mode } = await Deno.stat(path);
    if (size > MAX_TOKEN_BYTES) {
      throw new RangeError(`expected at most ${MAX_TOKEN_BYTES} bytes, received ${size}`);
    }
    const token = (await Deno.readTextFile(path)).trim();
    if (token === "") throw new RangeError("expected a token, received an empty file");
    if (mode !== null && (mode & 0o077) !== 0) {
      status.warn(`others on this machine may read the token in ${path}: chmod 600 keeps it yours`);
    }
    return token;
  } catch (cause) {
    throw new UsageError(`Cannot read --token-file ${path}: ${messageOf(cause)}`, { cause });
  }
}
