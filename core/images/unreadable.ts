import { messageOf } from "../text.ts";

/**
 * Why an entry of a folder can't be read, for people.
 * @param name as the folder lists it: what is no UTF-8 in it has become U+FFFD, which finds nothing
 */
export function unreadable(name: string, error: unknown): string {
  if (error instanceof Deno.errors.NotFound && name.includes("\ufffd")) {
    return "its name is not in UTF-8: rename it";
  }
  return `can't be read: ${messageOf(error)}`;
}
