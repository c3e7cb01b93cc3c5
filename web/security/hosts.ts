/** Who may talk to the dashboard: an exact list of hosts, and only pages of its own origin. */
import type { Context, MiddlewareHandler } from "hono";
import { isLoopback } from "./loopback.ts";

/** The server's address, and the names it answers to. */
export interface HostOptions {
  host: string; // as bound
  port: number;
  /** Further names, e.g. of a tunnel: `NAME` or `NAME:PORT`. */
  allowed?: readonly string[];
}

/** By which names, and through what, a dashboard is reached. */
export interface Doors {
  /** Exact `Host` values, from {@linkcode allowedHosts}. */
  hosts: ReadonlySet<string>;
  /**
   * Whether all requests come through a proxy whose X-Forwarded-Host and X-Forwarded-Proto can be
   * trusted.
   */
  trustsProxy: boolean;
}

/**
 * The exact `Host` headers to answer; any other could be a rebound name (CVE-2025-14279).
 * @returns lower-case "name:port", or "name" alone where browsers omit the port
 * @throws RangeError where an allowed name is not a host
 */
export function allowedHosts({ host, port, allowed = [] }: HostOptions): Set<string> {
  const names = ["127.0.0.1", "localhost", "[::1]"];
  if (!isLoopback(host) && !isWildcard(host)) names.push(inAddress(host));
  return new Set([
    ...names.map((name) => `${name}:${port}`.toLowerCase()),
    ...allowed.flatMap((text) => hostValues(text, port)),
  ]);
}

/**
 * The `Host` values that browsers send for an allowed name: with its port, and also without it for
 * the default ports of http and https. A name without a port stands for the default ports and for
 * the dashboard's own.
 */
function hostValues(text: string, port: number): string[] {
  const { name, port: own } = splitHost(text);
  if (own === undefined) return [name, `${name}:${port}`];
  return own === 80 || own === 443 ? [name, `${name}:${own}`] : [`${name}:${own}`];
}

/**
 * Splits `NAME[:PORT]` and normalizes the name as browsers do.
 * @param text may be an IPv6 address, with or without brackets
 * @returns the name in lower case, IPv6 in brackets
 * @throws RangeError where it is not a host
 */
export function splitHost(text: string): { name: string; port?: number } {
  const bare = (text.match(/:/g)?.length ?? 0) > 1 && !text.startsWith("[") ? `[${text}]` : text;
  const match = /^(?:\[[^\]]+\]|[^:/?#@*\\\s]+)(?::(\d{1,5}))?$/.exec(bare), digits = match?.[1];
  const url = match && URL.canParse(`http://${bare}`) ? new URL(`http://${bare}`) : undefined;
  if (!url) {
    throw new RangeError(
      `Cannot allow host "${text}": expected NAME or NAME:PORT, e.g. gpu-box.example or localhost:9000`,
    );
  }
  return { name: url.hostname, ...(digits === undefined ? {} : { port: Number(digits) }) };
}

/** Whether an address means all addresses of the machine. */
export function isWildcard(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}

/** A host as it is written in a URL. */
export function inAddress(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

/** Whether the browser uses https, as reported by the proxy. */
export function isSecure(c: Context, trustsProxy: boolean): boolean {
  return trustsProxy && outermost(c.req.header("x-forwarded-proto")) === "https";
}

/**
 * Rejects foreign hosts, foreign origins, and requests caused by another site's page. It runs
 * before every route: pages, events, pictures, assets and 404s. A page of a rebound name can set
 * X-Forwarded-Host, so forwarded hosts are checked in addition to `Host`, never instead of it.
 */
export function guardOrigin(doors: () => Doors): MiddlewareHandler {
  return async (c, next) => {
    const { hosts, trustsProxy } = doors();
    const host = (c.req.header("host") ?? new URL(c.req.url).host).toLowerCase();
    const forwarded = trustsProxy ? outermost(c.req.header("x-forwarded-host")) : undefined;
    const foreign = [host, forwarded].find((name) => name !== undefined && !hosts.has(name));
    if (foreign !== undefined) {
      const shown = foreign.slice(0, 260);
      return c.text(
        `Cannot answer: "${shown}" is not a name of this dashboard. Open it by the address that it printed. ` +
          `If "${shown}" is yours (a tunnel, a container, a proxy), start it with --allow-host ${shown}`,
        403,
      );
    }
    const own = `${isSecure(c, trustsProxy) ? "https" : "http"}://${forwarded ?? host}`;
    const origin = c.req.header("origin");
    if (origin !== undefined && origin !== new URL(own).origin) {
      return c.text(
        `Cannot answer: the request comes from another origin, ${
          origin.slice(0, 260)
        }, not ${own}. ` +
          `If a proxy of yours stands between, start the dashboard with --trust-proxy and --allow-host with ` +
          `its name, and let the proxy set X-Forwarded-Host and X-Forwarded-Proto`,
        403,
      );
    }
    const site = c.req.header("sec-fetch-site");
    if (site !== undefined && site !== "same-origin" && site !== "none") {
      return c.text("Cannot answer: another site's page asked. Type the address instead.", 403);
    }
    const changes = c.req.method !== "GET" && c.req.method !== "HEAD";
    if (changes && origin === undefined) {
      return c.text("Cannot answer: a change needs the Origin header.", 403);
    }
    await next();
  };
}

/** The value set by the proxy closest to the browser. */
function outermost(header: string | undefined): string | undefined {
  return header?.split(",", 1)[0]?.trim().toLowerCase();
}
