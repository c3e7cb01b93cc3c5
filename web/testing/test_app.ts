/** The app over an in-memory store and a temporary folder, without a server. */
import type { Hono } from "hono";
import { openRunStore } from "../../core/run/mod.ts";
import type { RunStore } from "../../core/run/store/types.ts";
import { createApp } from "../app.ts";
import type { Assets } from "../assets.ts";
import { createExplorerClient, type ExplorerAddress } from "../explore/client.ts";
import { addressOf } from "../lib/address.ts";
import { createHub, type Hub } from "../live/hub.ts";
import { createSessions } from "../security/session.ts";

/** The host in test requests. */
export const TEST_HOST = "127.0.0.1:7474";

/** A small run for fakeRun(). */
export const TEST_RUN = {
  id: "00001-stylegan-emoji",
  points: 50,
  grid: 2,
  snapshots: 3,
  resolution: 8,
  phaseImages: 500,
};

export interface TestApp extends AsyncDisposable {
  app: Hono;
  store: RunStore;
  runsDir: string;
  hub: Hub;
  /** Sends a request from the dashboard's own origin. */
  ask(path: string, init?: RequestInit): Promise<Response>;
}

/** Assets without bundling. */
const assets: Assets = {
  get: () => undefined,
  url: (name) => addressOf(`/static/${name}`),
  names: () => [],
  scripts: (island) => [`${island}.js`],
};

/**
 * @param options a login token, where a generator listens, and how to open another store than one
 * in memory; the app closes it
 */
export async function testApp(
  options: {
    token?: string;
    hosts?: readonly string[];
    base?: string;
    trustsProxy?: boolean;
    explorer?: ExplorerAddress;
    openStore?: (runsDir: string) => Promise<RunStore>;
  } = {},
): Promise<TestApp> {
  const runsDir = await Deno.makeTempDir({ prefix: "cambium-web-" });
  const store = await options.openStore?.(runsDir) ?? await openRunStore(":memory:");
  const hub = createHub(store, 0);
  const explorer = createExplorerClient(options.explorer);
  const sessions = createSessions(options.token, {
    port: () => 7474,
    trustsProxy: options.trustsProxy ?? false,
  });
  const app = createApp(
    { store, runsDir, hub, explorer, sessions, assets },
    () => ({
      hosts: new Set([TEST_HOST, ...options.hosts ?? []]),
      trustsProxy: options.trustsProxy ?? false,
    }),
    options.base,
  );
  return {
    app,
    store,
    runsDir,
    hub,
    ask: async (path, init = {}) => {
      const headers = new Headers(init.headers);
      if (!headers.has("host")) headers.set("host", TEST_HOST);
      return await app.fetch(new Request(`http://${TEST_HOST}${path}`, { ...init, headers }));
    },
    async [Symbol.asyncDispose]() {
      hub.close();
      explorer.close();
      store.close();
      await Deno.remove(runsDir, { recursive: true });
    },
  };
}

/** Headers that a page's own script sends with a change, taken from the page at `path`. */
export async function pageHeaders(app: TestApp, path = "/"): Promise<Record<string, string>> {
  const page = await app.ask(path, { headers: { accept: "text/html" } });
  // split() returns at least one element
  const cookie = (page.headers.get("set-cookie") ?? "").split(";")[0]!;
  const token = /name="csrf" content="([^"]+)"/.exec(await page.text())?.[1] ?? "";
  return {
    cookie,
    "x-csrf-token": token,
    origin: `http://${TEST_HOST}`,
    "content-type": "application/json",
  };
}
