/** The types of routes, after Fresh's `define`: handlers, or a page with one island. */
import type { Context } from "hono";
import type { ComponentType } from "preact";
import type { RunStore } from "../core/run/store/types.ts";
import type { Assets } from "./assets.ts";
import type { ExplorerClient } from "./explore/client.ts";
import type { Hub } from "./live/hub.ts";
import type { Sessions } from "./security/session.ts";

/** What routes work with. */
export interface Services {
  store: RunStore;
  /** Folder of all run folders, as an absolute path. */
  runsDir: string;
  hub: Hub;
  sessions: Sessions;
  assets: Assets;
  explorer: ExplorerClient;
}

/** Answers one request. */
export type Handler = (c: Context, services: Services) => Response | Promise<Response>;

/** A route without a page, by method. */
export interface Handlers {
  GET?: Handler;
  POST?: Handler;
}

/**
 * A page. `load` reads the island's props; the island is rendered on the server first, then
 * hydrated in the browser.
 */
export interface Page<P extends object> {
  /** Name of the file in islands/ without ".tsx"; null for a page without a script. */
  island: string | null;
  Component: ComponentType<P>;
  load(c: Context, services: Services): Promise<Loaded<P> | Response> | Loaded<P>;
}

/** A page's data. */
export interface Loaded<P> {
  title: string;
  props: P;
  /**
   * URL of data that the page requests when it is hydrated, so that the browser can fetch it in
   * parallel with the script.
   */
  preload?: string;
  status?: 200 | 404 | 429 | 500;
}

/** Infers the type of a page's props. */
export function definePage<P extends object>(page: Page<P>): Page<P> {
  return page;
}

/** Types handlers. */
export function defineHandlers(handlers: Handlers): Handlers {
  return handlers;
}

/** Thrown by a route if what was requested does not exist. */
export class NotFound extends Error {
  override name = "NotFound";
}
