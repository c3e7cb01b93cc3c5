/**
 * The dashboard behind a TLS proxy of another origin, under a path and by another name, in a real
 * browser.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { openRunStore } from "../../core/run/mod.ts";
import { withFolder } from "../../core/testing/with_folder.ts";
import { fakeRun } from "../../web/testing/fake_runs.ts";
import { withDashboard } from "../cli/dashboard_process.ts";
import { findChromium, missingChromium, openBrowser } from "./chromium.ts";
import { awake, until } from "./page.ts";
import { AHEAD_AT_MOST } from "../../web/lib/status.ts";

const ignore = findChromium() === undefined && !Deno.env.get("CI");
if (ignore) console.warn(`The dashboard is not tested behind a proxy: ${missingChromium()}`);

const NAME = "box.test", BASE = "/lab/cambium", ID = "00001-stylegan-far";

/** A self-signed certificate for {@linkcode NAME}, in PEM. */
async function selfSigned(folder: string): Promise<{ cert: string; key: string }> {
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const { success, stderr } = await new Deno.Command("openssl", {
    args: [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
      ...["-subj", `/CN=${NAME}`, "-days", "2", "-keyout", key, "-out", cert],
    ],
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return { cert: await Deno.readTextFile(cert), key: await Deno.readTextFile(key) };
}

/** A typical reverse proxy; `strips` removes the base from a request's path. */
function startProxy(
  tls: { cert: string; key: string },
  { strips }: { strips: boolean },
): { port: number; to(url: string): void; close(): Promise<void> } {
  let upstream = "";
  const server = Deno.serve(
    { ...tls, hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) => {
      const { pathname, search, host } = new URL(request.url);
      if (!pathname.startsWith(BASE + "/")) return new Response("another service", { status: 404 });
      const headers = new Headers(request.headers);
      headers.delete("host"); // fetch() then sends the dashboard's own
      headers.set("x-forwarded-host", host);
      headers.set("x-forwarded-proto", "https");
      return fetch(new URL((strips ? pathname.slice(BASE.length) : pathname) + search, upstream), {
        method: request.method,
        headers,
        body: request.body,
        redirect: "manual",
      });
    },
  );
  return {
    port: server.addr.port,
    to: (url) => upstream = new URL(url).origin,
    close: () => server.shutdown(),
  };
}

for (const strips of [true, false]) {
  const name = `behind a TLS proxy that ${
    strips ? "strips" : "keeps"
  } the path, pages log in, load, follow and change a run`;
  Deno.test({
    name,
    ignore,
    fn: () =>
      withFolder(async (folder) => {
        const runs = join(folder, "runs"), token = "t".repeat(32), file = join(folder, "token");
        await Deno.writeTextFile(file, token, { mode: 0o600 });
        const store = await openRunStore(join(runs, "cambium.kv"));
        const heartbeatAt = Date.now() + AHEAD_AT_MOST; // stays fresh even on a slow machine
        const small = { resolution: 8, phaseImages: 500, grid: 2, points: 50, snapshots: 3 };
        await fakeRun(store, runs, { ...small, id: ID, heartbeatAt });
        const proxy = startProxy(await selfSigned(folder), { strips });
        const args = ["--runs", runs, "--token-file", file, "--base", BASE, "--trust-proxy"];
        const browser = await openBrowser([`--host-resolver-rules=MAP ${NAME} 127.0.0.1`]);
        try {
          await withDashboard([...args, "--allow-host", `${NAME}:${proxy.port}`], async (url) => {
            proxy.to(url);
            const outside = `https://${NAME}:${proxy.port}${BASE}/`, problems: string[] = [];
            const context = await browser.newContext({ ignoreHTTPSErrors: true });
            const page = await context.newPage();
            page.on("pageerror", (error) => problems.push(error.message));
            page.on("response", (response) => {
              if (response.status() >= 400) problems.push(`${response.status()} ${response.url()}`);
            });
            await page.goto(outside);
            assert.equal(page.url(), `${outside}login`);
            await page.getByLabel("Token").fill(token);
            await page.getByRole("button", { name: "Open the dashboard" }).click();
            await awake(page);
            const cookies = await context.cookies();
            assert.deepEqual(
              new Set(cookies.map((c) => `${c.path} ${c.secure}`)),
              new Set([`${BASE}/ true`]),
            );
            await page.waitForSelector(".card-picture img, .card-picture canvas");
            await page.getByRole("link", { name: ID, exact: true }).click();
            await awake(page);
            assert.equal(page.url(), `${outside}runs/${ID}`);
            await until(page, "document.querySelector('canvas.grid-picture').width === 16");
            await store.update(ID, { imagesSeen: 1321 });
            await until(
              page,
              `document.querySelector('[data-testid="images"]').textContent === "1,321"`,
            );
            await page.getByRole("button", { name: "Stop", exact: true }).click();
            await page.getByRole("button", { name: "Stop training" }).click();
            await page.waitForSelector("text=Stopping…");
            assert.equal(await store.stopRequested(ID), true);
            for (
              const [link, path] of [["Compare", "compare"], ["Explore", "explore"], ["Runs", ""]]
            ) {
              await page.getByRole("link", { name: link!, exact: true }).click();
              await awake(page);
              assert.equal(page.url(), outside + path);
            }
            assert.deepEqual(problems, []);
            await context.close();
          });
        } finally {
          await browser.close();
          await proxy.close();
          store.close();
        }
      }),
  });
}
