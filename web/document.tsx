/**
 * Renders a page as HTML: the shell around an island, its props as data, and no inline script or
 * style.
 */
import type { Context } from "hono";
import { renderToString } from "preact-render-to-string";
import { Shell } from "./components/shell.tsx";
import type { Page, Services } from "./define.ts";
import { addressOf } from "./lib/address.ts";

/**
 * Loads and renders a page, and responds with it.
 * @param page what to show
 */
export async function renderPage<P extends object>(
  c: Context,
  services: Services,
  page: Page<P>,
): Promise<Response> {
  const loaded = await page.load(c, services);
  if (loaded instanceof Response) return loaded;
  const { assets, sessions } = services;
  const { Component } = page;
  const body = renderToString(
    <Shell path={c.req.path} island={page.island}>
      <Component {...loaded.props} />
    </Shell>,
  );
  const preload = [
    ...(page.island === null ? [] : assets.scripts(page.island).slice(1)).map((name) =>
      `<link rel="modulepreload" href="${addressOf(`/static/${name}`)}">\n`
    ),
    ...(loaded.preload === undefined
      ? []
      : [`<link rel="preload" href="${loaded.preload}" as="fetch" crossorigin>\n`]),
  ].join("");
  const script = page.island === null ? "" : `
<script type="application/json" id="props">${json(loaded.props)}</script>
<script type="module" src="${assets.url(`${page.island}.js`)}"></script>`;
  const html = `<!doctype html>
<html lang="en" data-base="${addressOf("")}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="csrf" content="${sessions.csrfFor(c)}">
<title>${text(loaded.title)} · Cambium</title>
<link rel="icon" href="${assets.url("favicon.svg")}" type="image/svg+xml">
<link rel="preload" href="${
    addressOf("/static/inter.woff2")
  }" as="font" type="font/woff2" crossorigin>
${preload}<link rel="stylesheet" href="${assets.url("app.css")}">
<script src="${assets.url("theme.js")}"></script>
</head>
<body>
${body}${script}
</body>
</html>
`;
  return c.html(html, loaded.status ?? 200);
}

/** JSON that cannot end its <script> element. */
function json(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c").replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}

function text(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
