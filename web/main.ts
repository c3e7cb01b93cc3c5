/**
 * The dashboard's server. By itself it needs the network of this machine and the files of runs
 * only:
 *
 *     deno run --allow-net=127.0.0.1 --allow-read --allow-write=<kv> --allow-env web/main.ts
 *
 * `deno task web` starts it with less: see cli/start_dashboard.ts.
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { messageOf, printable } from "../core/text.ts";
import { defaultStorePath, openRunStore } from "../core/run/store/open_store.ts";
import type { RunStore } from "../core/run/store/types.ts";
import { createApp } from "./app.ts";
import { makeAssets } from "./assets.ts";
import { createExplorerClient, type ExplorerAddress } from "./explore/client.ts";
import { guardStoreFile } from "./live/store_file.ts";
import { createHub } from "./live/hub.ts";
import { listen, type Listening } from "./listen.ts";
import { islands } from "./manifest.ts";
import { parseBase } from "./lib/address.ts";
import { allowedHosts, inAddress, splitHost } from "./security/hosts.ts";
import { isLoopback } from "./security/loopback.ts";
import { createSessions, MIN_TOKEN_LENGTH, newToken } from "./security/session.ts";

export type { ExplorerAddress };

/** Interval at which the store is polled for changes, ms; a poll takes about 50 µs. */
const POLL_INTERVAL = 100;

/** What to serve, and where. */
export interface ServerOptions {
  /** Where run state is read; not closed by the server. */
  store: RunStore;
  /** Folder of all run folders. */
  runsDir: string;
  /** Address to bind to, without brackets. */
  host: string;
  /** 0 chooses a free one. */
  port: number;
  /**
   * The token that a browser must present once, at least 22 characters. If none is given, one is
   * generated if others can reach the address.
   */
  token?: string;
  /**
   * Further names by which browsers reach it, `NAME` or `NAME:PORT`, e.g. of a tunnel, a container
   * or a proxy.
   */
  allowHosts?: readonly string[];
  /** Path under which a proxy serves it, as returned by {@linkcode parseBase}. */
  base?: string;
  /**
   * Whether every request comes through a proxy that sets X-Forwarded-Host and X-Forwarded-Proto.
   */
  trustsProxy?: boolean;
  /** The generating process for the Explore page, if one runs. */
  explorer?: ExplorerAddress;
}

/** A running server. */
export interface RunningServer {
  /** The URL for a browser on this machine, without the token. */
  url: string;
  /**
   * The token that a browser must present; undefined if only this machine can reach the server and
   * none was given.
   */
  token?: string;
  /** Closes all connections, then the server. */
  close(): Promise<void>;
}

/**
 * Starts the dashboard.
 * @throws RangeError for a short token, or an invalid host or base
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { store, host, allowHosts = [], base = "", trustsProxy = false } = options;
  const isOpen = trustsProxy || ![host, ...allowHosts.map((text) => splitHost(text).name)]
    .every((name) => isLoopback(name.replace(/^\[|\]$/g, "")));
  const token = options.token ?? (isOpen ? newToken() : undefined);
  if (token !== undefined && token.length < MIN_TOKEN_LENGTH) {
    throw new RangeError(
      `Cannot serve with this token: expected at least ${MIN_TOKEN_LENGTH} characters, ` +
        `received ${token.length}. ` +
        `Without one, a token is made where other machines can reach the dashboard`,
    );
  }
  let hosts: ReadonlySet<string> = new Set();
  let port = options.port;
  const hub = createHub(store);
  const explorer = createExplorerClient(options.explorer);
  const app = createApp(
    {
      store,
      runsDir: resolve(options.runsDir),
      hub,
      explorer,
      sessions: createSessions(token, { port: () => port, trustsProxy }),
      assets: await makeAssets(islands),
    },
    () => ({ hosts, trustsProxy }),
    base,
  );
  let server: Listening;
  try {
    server = listen(host, port, app.fetch);
  } catch (error) {
    hub.close();
    explorer.close();
    throw error;
  }
  port = server.port;
  hosts = allowedHosts({ host, port, allowed: allowHosts });
  const name = host === "0.0.0.0" ? "127.0.0.1" : inAddress(host === "::" ? "::1" : host);
  return {
    url: `http://${name}:${port}${base}/`,
    ...(token === undefined ? {} : { token }),
    async close() {
      hub.close();
      explorer.close();
      await server.shutdown();
    },
  };
}

if (import.meta.main) {
  // Deno opens its debugger on this signal. This process is not allowed to close it again, so it
  // ends instead.
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGUSR1", () => Deno.exit(138));
  await serve().catch((error) => {
    console.error(printable("error: " + messageOf(error)));
    Deno.exit(1);
  });
}

/** Serves according to the arguments, and prints the URL. */
async function serve(): Promise<void> {
  const { values } = parseArgs({
    options: {
      kv: { type: "string" },
      runs: { type: "string", default: "runs" },
      host: { type: "string", default: "127.0.0.1" },
      port: { type: "string", default: "7474" },
      "allow-host": { type: "string", multiple: true, default: [] },
      base: { type: "string", default: "" },
      "trust-proxy": { type: "boolean", default: false },
      /** Ends when standard input closes, that is, with the process that started this one. */
      "until-stdin-ends": { type: "boolean", default: false },
    },
  });
  const [token, explorer] = ["CAMBIUM_WEB_TOKEN", "CAMBIUM_EXPLORER"].map((name) =>
    Deno.env.get(name) || undefined // empty counts as not set
  );
  const [explorerPort, explorerToken] = (explorer ?? "").split(":");
  const place = values.kv ?? defaultStorePath(values.runs);
  const store = await openRunStore(place, { pollInterval: POLL_INTERVAL });
  const server = await startServer({
    store: /^https?:/.test(place) ? store : await guardStoreFile(store, place),
    runsDir: values.runs,
    host: values.host,
    port: Number(values.port),
    allowHosts: values["allow-host"],
    base: parseBase(values.base),
    trustsProxy: values["trust-proxy"],
    ...(token ? { token } : {}),
    ...(explorerPort && explorerToken
      ? { explorer: { port: Number(explorerPort), token: explorerToken } }
      : {}),
  });
  // The parent process waits for this line: the URL, and the token if one was generated.
  const made = server.token === token ? "" : ` ${server.token}`;
  await Deno.stdout.write(new TextEncoder().encode(`${server.url}${made}\n`));
  if (!values["until-stdin-ends"]) return;
  for await (const _ of Deno.stdin.readable);
  Deno.exit(0);
}
