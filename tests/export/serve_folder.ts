/** Serves a folder's files, as any static server does. */
import { extname, join, normalize } from "node:path";

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".wasm": "application/wasm",
};

/** Serves on a free port of this machine only. */
export function serveFolder(folder: string): { url: string } & AsyncDisposable {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const { pathname } = new URL(request.url);
    const path = join(folder, normalize(pathname === "/" ? "/index.html" : pathname));
    const bytes = await Deno.readFile(path).catch(() => undefined);
    if (!bytes) return new Response("", { status: 404 });
    const type = TYPES[extname(path)] ?? "application/octet-stream";
    return new Response(bytes, { headers: { "content-type": type } });
  });
  const url = `http://127.0.0.1:${server.addr.port}/`;
  return { url, [Symbol.asyncDispose]: () => server.shutdown() };
}
