/**
 * Starts the dashboard's process, with as few permissions as it needs, and the process that draws
 * for it.
 */
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import {
  childEnvironment,
  COMPUTE_NAMES,
  DENO_NAMES,
  PYTHON_NAMES,
} from "../core/child_environment.ts";
import { defaultStorePath } from "../core/run/mod.ts";
import { expectFreePort } from "./free_port.ts";
import type { Notices } from "../core/run/notices.ts";
import type { MachineFlags } from "./flags/machine_flags.ts";
import type { RunPlaces } from "../core/run/places.ts";
import { addUnknownRuns } from "../core/run/sync/sync_runs.ts";
import { startWebProcess, type WebOptions } from "./web_process.ts";

export interface DashboardOptions extends RunPlaces, WebOptions, Partial<MachineFlags> {
  /** Whether to start the process that generates for the Explore page. */
  explore: boolean;
}

/** A running dashboard. */
export interface Dashboard {
  url: string;
  /** The token that a browser must present, if one was generated. */
  token?: string;
  /** Resolves with the exit code when the server's process ends. */
  ended: Promise<number>;
  close(): Promise<void>;
}

/**
 * Starts both processes, and waits until the server is listening.
 * @throws UsageError where the port is taken
 */
export async function startDashboard(
  options: DashboardOptions,
  status: Notices,
): Promise<Dashboard> {
  expectFreePort(options);
  const runs = resolve(options.runs);
  await Deno.mkdir(runs, { recursive: true });
  const kv = options.kv ?? defaultStorePath(runs);
  status.progress("Starting the dashboard …");
  await addUnknownRuns({ runs, kv }, status);
  const explorer = options.explore ? await startExplorer(options, { runs, kv }) : undefined;
  if (options.explore && !explorer) {
    status.warn(
      "Explore can't draw: its process has ended, see above. The rest of the dashboard works",
    );
  }
  const server = await startWebProcess(options, {
    runs,
    kv,
    ...(explorer ? { explorer: explorer.address } : {}),
  });
  const [url, token] = (await firstLine(server.stdout)).split(" ");
  status.done();
  if (!url) {
    const { code } = await server.status;
    if (explorer) end(explorer.process);
    throw new Error(`Cannot start the dashboard: its process ended with code ${code}; see above`);
  }
  return {
    url,
    ...(token ? { token } : {}),
    ended: server.status.then(({ code }) => code),
    async close() {
      end(server);
      if (explorer) end(explorer.process);
      await server.status;
    },
  };
}

function end(process: Deno.ChildProcess): void {
  try {
    process.kill("SIGTERM");
  } catch {
    // It has already ended.
  }
}

interface Explorer {
  process: Deno.ChildProcess;
  address: string; // "port:token"
}

/** @returns undefined where the process ends before it listens; it has reported why */
async function startExplorer(
  options: DashboardOptions,
  { runs, kv }: { runs: string; kv: string },
): Promise<Explorer | undefined> {
  const token = crypto.randomUUID() + crypto.randomUUID();
  const machine = [
    ...(options.backend ? ["--backend", options.backend] : []),
    ...(options.threads ? ["--threads", String(options.threads)] : []),
    ...(options.device ? ["--device", options.device] : []),
    ...(options.tensorflow ? ["--tensorflow", options.tensorflow] : []),
    ...(options.download === false ? ["--no-download"] : []),
  ];
  const main = new URL("./main.ts", import.meta.url).href;
  const process = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-check",
      ...configOf(),
      main,
      "explorer",
      "--runs",
      runs,
      "--kv",
      kv,
      ...machine,
    ],
    clearEnv: true,
    env: childEnvironment([DENO_NAMES, COMPUTE_NAMES, PYTHON_NAMES], {
      CAMBIUM_EXPLORER_TOKEN: token,
    }),
    stdin: "piped", // closes when this process ends, and so ends the explorer
    stdout: "piped",
  }).spawn();
  const port = await firstLine(process.stdout);
  return port === "" ? undefined : { process, address: `${port}:${token}` };
}

/** Points to the project's own configuration, whatever the working directory. */
function configOf(): string[] {
  return ["--config", fileURLToPath(new URL("../deno.json", import.meta.url))];
}

/** The first line of a stream, or "" if it ends before one; the rest is read and discarded. */
async function firstLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  const reader = stream.getReader(), decoder = new TextDecoder();
  let text = "";
  while (!text.includes("\n")) {
    const { value, done } = await reader.read();
    if (done) return text.trim();
    text += decoder.decode(value, { stream: true });
  }
  (async () => {
    while (!(await reader.read()).done);
  })().catch(() => {}); // the process has ended
  return text.slice(0, text.indexOf("\n")).trim();
}
