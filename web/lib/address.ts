/// <reference lib="dom" />
/** Addresses of the dashboard's own pages, below the path that a proxy serves it under. */

let base: string | undefined;

/**
 * Says where the dashboard is served; on the server, once.
 * @param path "" or e.g. "/cambium"
 */
export function setBase(path: string): void {
  base = path;
}

/**
 * The address of a path of the dashboard.
 * @param path begins with "/"
 */
export function addressOf(path: string): string {
  base ??= typeof document === "undefined" ? "" : document.documentElement.dataset.base ?? "";
  return base + path;
}

/**
 * A base as it was typed: "cambium", "/cambium/" and "/cambium" are one.
 * @throws RangeError where it is no path
 */
export function parseBase(text: string): string {
  const parts = text.split("/").filter(Boolean);
  if (parts.every((part) => /^[\w.~-]+$/.test(part) && !/^\.+$/.test(part))) {
    return parts.map((part) => `/${part}`).join("");
  }
  throw new RangeError(
    `Cannot serve under --base ${text}: expected a path of letters, digits, ".", "_", "~" and ` +
      `"-", e.g. /cambium`,
  );
}
