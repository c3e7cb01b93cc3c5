/**
 * Tokens: one that opens a dashboard on the network, and one against cross-site request forgery.
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Context, MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { addressOf } from "../lib/address.ts";
import { createGuessLimit, type GuessLimit } from "./guesses.ts";
import { isSecure } from "./hosts.ts";

/** Shortest token accepted: 128 bits in base64url. */
export const MIN_TOKEN_LENGTH = 22;

/**
 * A new 192-bit token.
 * @returns base64url text
 */
export function newToken(): string {
  return randomBytes(24).toString("base64url");
}

/** The message after too many wrong tokens. */
export const TOO_MANY = "Cannot log in now: too many wrong tokens. Wait a minute.";

/** What sessions depend on. */
export interface SessionPlace {
  port: () => number;
  trustsProxy?: boolean;
  guesses?: GuessLimit;
}

/** Sessions of one server process. */
export interface Sessions {
  /** Lets only browsers with the login cookie pass; does nothing without a token. */
  guardLogin(): MiddlewareHandler;
  /** Rejects changes without the page's CSRF token. */
  guardChanges(): MiddlewareHandler;
  /** The CSRF token that a page must send with each change; sets the cookie that it belongs to. */
  csrfFor(c: Context): string;
  /**
   * Checks whether `given` is the token, and if so sets the login cookie. "later" after too many
   * wrong tokens.
   */
  logIn(c: Context, given: string): boolean | "later";
  readonly needsToken: boolean;
}

/**
 * Cookies are HttpOnly and SameSite=Strict, and their names contain the port, because browsers
 * share cookies between ports. Every comparison takes constant time.
 * @param token that opens the dashboard; undefined if only this machine can reach it
 * @param place the port for the cookies' names, and whether a proxy reports the browser's protocol
 */
export function createSessions(
  token: string | undefined,
  { port, trustsProxy = false, guesses = createGuessLimit() }: SessionPlace,
): Sessions {
  const secret = randomBytes(32);
  const sign = (text: string) => createHmac("sha256", secret).update(text).digest("base64url");
  const names = () => ({ login: `cambium_login_${port()}`, page: `cambium_page_${port()}` });
  const cookie = (c: Context) => ({
    httpOnly: true,
    sameSite: "Strict",
    path: addressOf("/"),
    secure: isSecure(c, trustsProxy),
  } as const);
  const isToken = (c: Context, given: string): boolean | "later" => {
    const address = remoteAddress(c);
    if (!guesses.allows(address)) return "later";
    const isRight = token !== undefined && equal(given, token);
    if (!isRight) guesses.failed(address);
    return isRight;
  };
  const isLoggedIn = (c: Context): boolean | "later" => {
    const given = getCookie(c, names().login);
    if (given !== undefined && equal(given, sign("login"))) return true;
    const header = c.req.header("authorization");
    const bearer = header?.startsWith("Bearer ") ? header.slice("Bearer ".length) : undefined;
    return bearer !== undefined && isToken(c, bearer);
  };

  return {
    needsToken: token !== undefined,
    guardLogin: () => async (c, next) => {
      const open = c.req.path === "/login" || c.req.path.startsWith("/static/");
      if (token === undefined || open) return await next();
      const isIn = isLoggedIn(c);
      if (isIn === "later") return c.text(TOO_MANY, 429, { "retry-after": "60" });
      if (isIn) return await next();
      const wantsPage = (c.req.header("accept") ?? "").includes("text/html");
      return wantsPage
        ? c.redirect(addressOf("/login"))
        : c.text("Cannot answer: log in first.", 401);
    },
    guardChanges: () => async (c, next) => {
      if (c.req.method === "GET" || c.req.method === "HEAD" || c.req.path === "/login") {
        return await next();
      }
      const page = getCookie(c, names().page);
      const given = c.req.header("x-csrf-token") ?? "";
      if (page !== undefined && equal(given, sign(`page ${page}`))) return await next();
      return c.text(
        "Cannot change anything: the page's token is missing or old. Reload the page.",
        403,
      );
    },
    csrfFor(c) {
      let page = getCookie(c, names().page);
      if (page === undefined) {
        page = newToken();
        setCookie(c, names().page, page, cookie(c));
      }
      return sign(`page ${page}`);
    },
    logIn(c, given) {
      const isRight = isToken(c, given);
      if (isRight !== true) return isRight;
      setCookie(c, names().login, sign("login"), { ...cookie(c), maxAge: 30 * 86400 });
      return true;
    },
  };
}

/** The client's address; all clients behind a proxy share the proxy's. */
function remoteAddress(c: Context): string {
  // passed by Deno.serve
  const { remoteAddr } = (c.env ?? {}) as Partial<Deno.ServeHandlerInfo<Deno.NetAddr>>;
  return remoteAddr?.hostname ?? "";
}

function equal(a: string, b: string): boolean {
  const digest = (text: string) => createHmac("sha256", "compare").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
