/** What a browser test needs: runs in a store, the dashboard's own process, and a browser. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { openRunStore } from "../../core/run/store/open_store.ts";
import { serveExplorer } from "../../core/explore/mod.ts";
import { fakeEngine } from "../../web/testing/fake_generator.ts";
import { fakeRun } from "../../web/testing/fake_runs.ts";
import { openBrowser } from "./chromium.ts";
import { AHEAD_AT_MOST } from "../../web/lib/status.ts";

/** Ids of the available runs. */
export const RUNS = {
  live: "00001-stylegan-live",
  done: "00000-stylegan-done",
  sketch: "00002-sketch-x",
  enlarging: "00003-progan-sr-x",
};

/** A running dashboard with runs. */
export interface Stage extends AsyncDisposable {
  url: string;
  runsDir: string;
  browser: Browser;
  /** Opens a new page, and collects the errors that it logs. */
  open(path: string, options?: { width?: number; dark?: boolean }): Promise<Page>;
  errors: string[];
}

/** A heartbeat that stays fresh even on a slow machine. */
export const FRESH = Date.now() + AHEAD_AT_MOST;

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Creates runs, and starts web/main.ts with its restricted permissions and a browser. */
export async function setStage(): Promise<Stage> {
  const browser = await openBrowser();
  const runsDir = await Deno.makeTempDir({ prefix: "cambium-browser-" });
  const kv = join(runsDir, "cambium.kv");
  const store = await openRunStore(kv);
  const small = { resolution: 16, phaseImages: 1000, grid: 3, points: 200, snapshots: 10 };
  await fakeRun(store, runsDir, {
    ...small,
    id: RUNS.done,
    status: "finished",
    progress: 1,
    config: { loss: "wgan-gp" },
    panels: true,
  });
  await fakeRun(store, runsDir, { ...small, id: RUNS.live, progress: 0.6, heartbeatAt: FRESH });
  await fakeRun(store, runsDir, {
    ...small,
    ...{ id: RUNS.sketch, plugin: "sketch", status: "stopped", drawn: [1, 2] },
  });
  await fakeRun(store, runsDir, {
    ...small,
    ...{ id: RUNS.enlarging, plugin: "progan-sr", status: "stopped" },
  });
  store.close();
  const token = "browser-test-token-0123456789";
  const explorer = serveExplorer(fakeEngine(), { token });
  const { server, url } = await startWeb(runsDir, kv, `${explorer.port}:${token}`);
  const errors: string[] = [];
  return {
    url,
    runsDir,
    browser,
    errors,
    async open(path, { width = 1280, dark = false } = {}) {
      const context = await browser.newContext({
        viewport: { width, height: 900 },
        colorScheme: dark ? "dark" : "light",
        reducedMotion: "reduce",
      });
      const page = await context.newPage();
      page.setDefaultTimeout(60_000);
      page.on("pageerror", (error) => errors.push(`${path}: ${error.message}`));
      page.on("console", (message) => {
        if (message.type() === "error") errors.push(`${path}: ${message.text()}`);
      });
      await page.goto(new URL(path, url).href);
      return page;
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
      try {
        server.kill("SIGTERM");
      } catch {
        // It has ended by itself; the test that noticed has failed.
      }
      await server.status;
      await server.stdout.cancel();
      explorer.close();
      await Deno.remove(runsDir, { recursive: true });
    },
  };
}

/**
 * Starts the dashboard as a user without the CLI would: no FFI, no subprocesses, no other writes.
 */
export async function startWeb(
  runsDir: string,
  kv: string,
  explorer = "",
): Promise<{ server: Deno.ChildProcess; url: string }> {
  const allowed = ["--allow-net=127.0.0.1", "--allow-read", `--allow-write=${kv}`, "--allow-env"];
  const server = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-check",
      "--no-prompt",
      ...allowed,
      "web/main.ts",
      "--runs",
      runsDir,
      "--port",
      "0",
    ],
    cwd: root,
    env: { CAMBIUM_EXPLORER: explorer },
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  return { server, url: await firstLine(server) };
}

/** Starts the process that advances the live run; `step` writes one point. */
export function startWriter(
  runsDir: string,
): { step(imagesSeen: number): Promise<void> } & AsyncDisposable {
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "tests/browser/write_run.ts", runsDir, RUNS.live],
    cwd: root,
    stdin: "piped",
    stdout: "null",
    stderr: "inherit",
  }).spawn();
  const writer = process.stdin.getWriter();
  return {
    step: (imagesSeen) => writer.write(new TextEncoder().encode(`${imagesSeen}\n`)),
    async [Symbol.asyncDispose]() {
      await writer.close();
      await process.status;
    },
  };
}

async function firstLine(process: Deno.ChildProcess): Promise<string> {
  const reader = process.stdout.getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`Cannot start the dashboard: it ended after "${text}"`);
    text += new TextDecoder().decode(value);
  }
  reader.releaseLock();
  return text.trim();
}
