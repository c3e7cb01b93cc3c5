/// <reference lib="dom" />
/** URLs of the dashboard's own pages, below the path under which a proxy serves it. */

let base: string | undefined;

/**
 * Sets the base path; called once on the server.
 * @param path "" or e.g. "/cambium"
 */
export function setBase(path: string): void {
  base = path;
}

/**
 * The URL of a path of the dashboard.
 * @param path starts with "/"
 */
export function addressOf(path: string): string {
  base ??= typeof document === "undefined" ? "" : document.documentElement.dataset.base ?? "";
  return base + path;
}

/**
 * Normalizes a base path: "cambium", "/cambium/" and "/cambium" are equal.
 * @throws RangeError where it is not a valid path
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
