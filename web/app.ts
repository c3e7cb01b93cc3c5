/** The dashboard as a Hono app: guards first, then the file routes. Tests call `app.fetch`. */
import { type Context, Hono } from "hono";
import { getPath } from "hono/utils/url";
import { NotFound, type Services } from "./define.ts";
import { renderPage } from "./document.tsx";
import { handlers, pages, pathOf } from "./manifest.ts";
import { secureHeaders } from "./security/headers.ts";
import { setBase } from "./lib/address.ts";
import { boundBody } from "./security/body.ts";
import { type Doors, guardOrigin } from "./security/hosts.ts";
import { RunFileError } from "./security/run_files.ts";
import { ExplorerError } from "./explore/client.ts";
import { errorPage } from "./routes/_error.tsx";
import { notFoundPage } from "./routes/_404.tsx";

/**
 * Builds the app.
 * @param services what the routes work with
 * @param doors accepted `Host` values; a function, because a free port is known only after
 * listening
 * @param base path under which the app is served; proxies may keep it in front of a request's path
 * or strip it
 */
export function createApp(services: Services, doors: () => Doors, base = ""): Hono {
  setBase(base);
  const app = new Hono({
    getPath(request) {
      const path = getPath(request);
      if (base === "" || !(path + "/").startsWith(base + "/")) return path;
      return path.slice(base.length) || "/";
    },
  });
  const { sessions, assets } = services;
  app.use(secureHeaders());
  app.use(guardOrigin(doors));
  app.use(sessions.guardLogin());
  app.use(sessions.guardChanges());
  app.use(boundBody());

  app.get("/static/:name", (c) => {
    const asset = assets.get(c.req.param("name"));
    if (!asset) return c.notFound();
    const packs = (c.req.header("accept-encoding") ?? "").includes("gzip");
    const headers = new Headers({
      "content-type": asset.type,
      "cache-control": c.req.query("v") || isNamedByDigest(c.req.param("name"))
        ? "private, max-age=31536000, immutable"
        : "private, max-age=3600",
      "vary": "accept-encoding",
    });
    if (packs) headers.set("content-encoding", "gzip");
    return new Response(packs ? asset.gzip : asset.bytes, { headers });
  });

  for (const [file, { GET, POST }] of Object.entries(handlers)) {
    if (GET) app.get(pathOf(file), (c) => GET(c, services));
    if (POST) app.post(pathOf(file), (c) => POST(c, services));
  }
  for (const [file, page] of Object.entries(pages)) {
    app.get(pathOf(file), (c) => renderPage(c, services, page));
  }

  app.notFound((c) => failed(c, new NotFound("Cannot find this page.")));
  app.onError((error, c) => failed(c, error));

  function failed(c: Context, error: Error): Response | Promise<Response> {
    const status = statusOf(error);
    if (!(c.req.header("accept") ?? "").includes("text/html")) return c.text(error.message, status);
    const { message } = error;
    const page = status === 404 ? notFoundPage({ message }) : errorPage({ message });
    return renderPage(c, services, page);
  }
  return app;
}

/** Whether esbuild named a file by its content hash, e.g. "run_parts-7QX2MZ4A.js". */
function isNamedByDigest(name: string): boolean {
  return /-[0-9A-Z]{8}\.js$/.test(name);
}

function statusOf(error: Error): 400 | 404 | 500 | 502 {
  if (error instanceof NotFound || error instanceof RunFileError) return 404;
  if (error instanceof ExplorerError) return 502;
  return error instanceof TypeError || error instanceof SyntaxError ? 400 : 500;
}
