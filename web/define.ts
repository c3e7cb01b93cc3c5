/** The shapes of a route, after Fresh's `define`: handlers, or a page with one island. */
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
  /** Folder of all run folders, absolute. */
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
 * A page: `load` reads what the island is given; the island renders here first, then in the
 * browser.
 */
export interface Page<P extends object> {
  /** Name of the file in islands/ without ".tsx"; null for a page without script. */
  island: string | null;
  Component: ComponentType<P>;
  load(c: Context, services: Services): Promise<Loaded<P> | Response> | Loaded<P>;
}

/** A page's data. */
export interface Loaded<P> {
  title: string;
  props: P;
  /**
   * Address of data that the page asks for when it wakes: the browser fetches it beside the script.
   */
  preload?: string;
  status?: 200 | 404 | 429 | 500;
}

/** Infers a page's props. */
export function definePage<P extends object>(page: Page<P>): Page<P> {
  return page;
}

/** Types handlers. */
export function defineHandlers(handlers: Handlers): Handlers {
  return handlers;
}

/** Raised by a route where what was asked for does not exist. */
export class NotFound extends Error {
  override name = "NotFound";
}
