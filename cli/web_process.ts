/** The dashboard's own process: what it may do, and what it is told. */
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { childEnvironment, DENO_NAMES } from "../core/child_environment.ts";

/** How a dashboard is reached. */
export interface WebOptions {
  host: string;
  port: number;
  /**
   * What a browser must bring once; without one, the process makes it where others can reach it.
   */
  token?: string;
  allowHost?: readonly string[];
  base?: string;
  trustProxy?: boolean;
}

/** Where runs and their state are, and what draws for the Explore page. */
export interface WebPlaces {
  runs: string; // absolute
  kv: string; // a path or a URL
  explorer?: string; // "port:token"
}

/**
 * What it may read of its environment; Deno itself reads more, to fetch packages at the first
 * start.
 */
const READ_NAMES = "CAMBIUM_WEB_TOKEN,CAMBIUM_EXPLORER,DENO_KV_ACCESS_TOKEN";

/** Opens a run store that is elsewhere. */
const KV_TOKEN = /^DENO_KV_ACCESS_TOKEN$/;

/**
 * Starts it: it reads runs, their state, npm packages and itself, writes the state alone, and
 * listens at one address. It ends when its standard input does: with this process.
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

/** Run folders that lie elsewhere. */
async function linkedRuns(runs: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isSymlink } of Deno.readDir(runs)) {
    if (!isSymlink) continue;
    const real = await Deno.realPath(join(runs, name)).catch(() => null); // it may lead nowhere
    if (real !== null) found.push(real);
  }
  return found;
}

/** Where Deno keeps the packages that the dashboard's script and typeface are in. */
async function npmCache(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json"],
    clearEnv: true,
    env: childEnvironment(DENO_NAMES),
  }).output();
  // deno info's form
  const { npmCache } = JSON.parse(new TextDecoder().decode(stdout)) as { npmCache: string };
  return npmCache;
}

/** On every address of the machine, each is a name that a browser may come by. */
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
 * A path as one entry of a permission's list, which has no escape for a comma: then the folder
 * above, without one.
 */
function listed(path: string): string {
  const whole = resolve(path), comma = whole.indexOf(",");
  return comma < 0 ? whole : dirname(whole.slice(0, comma));
}
