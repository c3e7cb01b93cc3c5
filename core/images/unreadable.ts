import { messageOf } from "../text.ts";

/**
 * Why an entry of a folder can't be read, for people.
 * @param name as the folder lists it: bytes that are not UTF-8 appear as U+FFFD, so the file is not
 * found
 */
export function unreadable(name: string, error: unknown): string {
  if (error instanceof Deno.errors.NotFound && name.includes("\ufffd")) {
    return "its name is not in UTF-8: rename it";
  }
  return `can't be read: ${messageOf(error)}`;
}
