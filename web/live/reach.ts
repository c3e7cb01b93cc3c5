/** What stands in place of a browser's "Failed to fetch". */
export const UNREACHABLE = "The dashboard's server can't be reached.";

/**
 * Fetches from the dashboard's own server.
 * @throws Error with the server's words where it says no, {@linkcode UNREACHABLE} where nothing
 * answers
 */
export async function reach(url: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(url, init).catch((cause) => {
    if (init.signal?.aborted) throw cause;
    throw new Error(UNREACHABLE, { cause });
  });
  if (!response.ok) throw new Error(await response.text());
  return response;
}
