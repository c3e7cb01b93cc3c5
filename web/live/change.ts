/// <reference lib="dom" />
/**
 * Sends a change with the page's token.
 * @param url of the route
 * @param body sent as JSON
 * @throws Error with the server's words where it says no
 */
export async function post(
  url: string,
  body: unknown = {},
  signal?: AbortSignal,
): Promise<Response> {
  const token = document.querySelector<HTMLMetaElement>('meta[name="csrf"]')?.content ?? "";
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", "x-csrf-token": token },
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });
  if (!response.ok) throw new Error(await response.text());
  return response;
}
