/// <reference lib="dom" />
import { reach } from "./reach.ts";

/**
 * Sends a change with the page's CSRF token.
 * @param url of the route
 * @param body sent as JSON
 * @throws Error with a message for the user
 */
export async function post(
  url: string,
  body: unknown = {},
  signal?: AbortSignal,
): Promise<Response> {
  const token = document.querySelector<HTMLMetaElement>('meta[name="csrf"]')?.content ?? "";
  return await reach(url, {
    method: "POST",
    headers: { "content-type": "application/json", "x-csrf-token": token },
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });
}
