/** Starts the dashboard's own process: its permissions, and its arguments. */
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { childEnvironment, DENO_NAMES } from "../core/child_environment.ts";

/** How the dashboard can be reached. */
export interface WebOptions {
  host: string;
  port: number;
  /**
   * The token that a browser must present once; if absent, the process generates one where others
   * can reach it.
   */
  token?: string;
  allowHost?: readonly string[];
  base?: string;
  trustProxy?: boolean;
}

/** Where runs and their state are, and which process draws for the Explore page. */
export interface WebPlaces {
  runs: string; // absolute
  kv: string; // a path or a URL
  explorer?: string; // "port:token"
}

/**
 * Environment variables that it may read; Deno itself reads more, to download packages at the first
 * start.
 */
const READ_NAMES = "CAMBIUM_WEB_TOKEN,CAMBIUM_EXPLORER,DENO_KV_ACCESS_TOKEN";

/** Needed to open a remote run store. */
const KV_TOKEN = /^DENO_KV_ACCESS_TOKEN$/;

/**
 * Starts the process. It may read runs, their state, npm packages and its own code, write only the
 * state, and listen on one address. It ends when its standard input closes, that is, with this
 * process.
 */
export async function startWebProcess(
  options: WebOptions,
  places: WebPlaces,
): Promise<Deno.ChildProcess> {
  const { host, port, token, base, trustProxy } = options;
  const { runs, kv, explorer } = places;
  return new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-check", "--no-prompt", "--config", ofCheckout("deno.json")],
      ...await permissions(options, places),
      new URL("../web/main.ts", import.meta.url).href,
      ...["--until-stdin-ends", "--runs", runs, "--kv", kv, "--host", host, "--port", String(port)],
      ...allowedHosts(options).flatMap((name) => ["--allow-host", name]),
      ...(base ? ["--base", base] : []),
      ...(trustProxy ? ["--trust-proxy"] : []),
    ],
    clearEnv: true,
    env: childEnvironment(/^https?:/.test(kv) ? [DENO_NAMES, KV_TOKEN] : DENO_NAMES, {
      ...(token ? { CAMBIUM_WEB_TOKEN: token } : {}),
      ...(explorer ? { CAMBIUM_EXPLORER: explorer } : {}),
    }),
    stdin: "piped",
    stdout: "piped",
  }).spawn();
}

async function permissions(
  { host, port }: WebOptions,
  { runs, kv, explorer }: WebPlaces,
): Promise<string[]> {
  const isUrl = /^https?:/.test(kv);
  const net = [
    `${host.includes(":") ? `[${host}]` : host}:${port}`,
    ...(explorer ? [`127.0.0.1:${explorer.split(":")[0]}`] : []),
    ...(isUrl ? [new URL(kv).host] : []),
  ];
  const read = [
    runs,
    ...await linkedRuns(runs),
    ...(isUrl ? [] : [kv]),
    ...["web", "core"].map(ofCheckout),
    await npmCache(),
  ];
  return [
    `--allow-net=${net.join(",")}`,
    `--allow-read=${read.map(listed).join(",")}`,
    ...(isUrl ? [] : [`--allow-write=${listed(kv)}`]),
    `--allow-env=${READ_NAMES}`,
  ];
}

/** Run folders that are links to other places. */
async function linkedRuns(runs: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isSymlink } of Deno.readDir(runs)) {
    if (!isSymlink) continue;
    const real = await Deno.realPath(join(runs, name)).catch(() => null); // a link may be broken
    if (real !== null) found.push(real);
  }
  return found;
}

/** Deno's npm cache, which contains the dashboard's script and font. */
async function npmCache(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json"],
    clearEnv: true,
    env: childEnvironment(DENO_NAMES),
  }).output();
  // the format of `deno info --json`
  const { npmCache } = JSON.parse(new TextDecoder().decode(stdout)) as { npmCache: string };
  return npmCache;
}

/**
 * Host names that browsers may use. If the server listens on all addresses, each address of the
 * machine is one.
 */
function allowedHosts({ host, port, allowHost = [] }: WebOptions): readonly string[] {
  if (host !== "0.0.0.0" && host !== "::") return allowHost;
  const own = Deno.networkInterfaces()
    .filter(({ family, scopeid }) => (host === "::" || family === "IPv4") && !scopeid)
    .map(({ address }) => address);
  return [...own.map((name) => port === 0 ? name : at(name, port)), ...allowHost];
}

function at(name: string, port: number): string {
  return `${name.includes(":") ? `[${name}]` : name}:${port}`;
}

function ofCheckout(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}

/**
 * A path as one entry of a permission list. There is no escape for a comma, so a path with one is
 * replaced by the folder above that part.
 */
function listed(path: string): string {
  const whole = resolve(path), comma = whole.indexOf(",");
  return comma < 0 ? whole : dirname(whole.slice(0, comma));
}
