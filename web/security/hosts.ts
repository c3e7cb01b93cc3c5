/** Who may speak to the dashboard: an exact list of hosts, and pages of its own origin only. */
import type { MiddlewareHandler } from "hono";
import { isLoopback } from "./loopback.ts";

/** The `Host` values that a server answers to. */
export interface HostOptions {
  host: string; // as bound
  port: number;
  /** Further names, e.g. of a tunnel; with port where it isn't the default. */
  allowed?: readonly string[];
}

/**
 * The exact `Host` headers to answer; everything else is a rebound name (CVE-2025-14279).
 * @returns lower-case "name:port"
 */
export function allowedHosts({ host, port, allowed = [] }: HostOptions): Set<string> {
  const names = ["127.0.0.1", "localhost", "[::1]"];
  const isWildcard = host === "0.0.0.0" || host === "::";
  if (!isLoopback(host) && !isWildcard) names.push(host.includes(":") ? `[${host}]` : host);
  return new Set(
    [...names.map((name) => `${name}:${port}`), ...allowed].map((h) => h.toLowerCase()),
  );
}

/**
 * Refuses foreign hosts, foreign origins and requests that another site's page caused. It runs
 * before every route: pages, events, pictures, assets and 404s.
 * @param hosts from {@linkcode allowedHosts}
 */
export function guardOrigin(hosts: () => ReadonlySet<string>): MiddlewareHandler {
  return async (c, next) => {
    const host = (c.req.header("host") ?? new URL(c.req.url).host).toLowerCase();
    if (!hosts().has(host)) {
      return c.text(
        `Cannot answer: "${host}" is not a name of this dashboard. Open it by 127.0.0.1.`,
        403,
      );
    }
    const origin = c.req.header("origin");
    if (origin !== undefined && origin !== `http://${host}`) {
      return c.text("Cannot answer: the request comes from another origin.", 403);
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
