/** Replaces the browser's "Failed to fetch". */
export const UNREACHABLE = "The dashboard's server can't be reached.";

/**
 * Fetches from the dashboard's own server.
 * @throws Error with the server's message if it reports an error, {@linkcode UNREACHABLE} if it
 * does not respond
 */
export async function reach(url: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(url, init).catch((cause) => {
    if (init.signal?.aborted) throw cause;
    throw new Error(UNREACHABLE, { cause });
  });
  if (!response.ok) throw new Error(await response.text());
  return response;
}
