/** Tokens: one that opens a dashboard on the network, and one that proves a change is meant. */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Context, MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";

/** Shortest token accepted: 128 bits in base64url. */
export const MIN_TOKEN_LENGTH = 22;

/**
 * A fresh 192-bit token.
 * @returns base64url text
 */
export function newToken(): string {
  return randomBytes(24).toString("base64url");
}

/** Sessions of one server process. */
export interface Sessions {
  /** Lets only browsers with the token's cookie pass; does nothing without a token. */
  guardLogin(): MiddlewareHandler;
  /** Refuses changes without the page's token. */
  guardChanges(): MiddlewareHandler;
  /** The token that a page must send back with each change; sets the cookie it belongs to. */
  csrfFor(c: Context): string;
  /** Whether `given` is the token; if so the browser gets its cookie. */
  logIn(c: Context, given: string): boolean;
  readonly needsToken: boolean;
}

/**
 * Cookies are HttpOnly and SameSite=Strict; their names carry the port, since browsers share cookies
 * between ports. Every comparison takes constant time.
 * @param token that opens the dashboard; undefined on loopback
 * @param port in the cookies' names
 */
export function createSessions(token: string | undefined, port: () => number): Sessions {
  const secret = randomBytes(32);
  const sign = (text: string) => createHmac("sha256", secret).update(text).digest("base64url");
  const names = () => ({ login: `cambium_login_${port()}`, page: `cambium_page_${port()}` });
  const cookie = { httpOnly: true, sameSite: "Strict", path: "/" } as const;

  const isLoggedIn = (c: Context) => {
    const bearer = c.req.header("authorization")?.replace(/^Bearer /, "");
    if (bearer !== undefined && token !== undefined && equal(bearer, token)) return true;
    return equal(getCookie(c, names().login) ?? "", sign("login"));
  };

  return {
    needsToken: token !== undefined,
    guardLogin: () => async (c, next) => {
      const open = c.req.path === "/login" || c.req.path.startsWith("/static/");
      if (token === undefined || open || isLoggedIn(c)) return await next();
      const wantsPage = (c.req.header("accept") ?? "").includes("text/html");
      return wantsPage ? c.redirect("/login") : c.text("Cannot answer: log in first.", 401);
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
        setCookie(c, names().page, page, cookie);
      }
      return sign(`page ${page}`);
    },
    logIn(c, given) {
      if (token === undefined || !equal(given, token)) return false;
      setCookie(c, names().login, sign("login"), { ...cookie, maxAge: 30 * 86400 });
      return true;
    },
  };
}

function equal(a: string, b: string): boolean {
  const digest = (text: string) => createHmac("sha256", "compare").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
