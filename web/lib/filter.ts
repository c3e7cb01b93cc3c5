/** Which runs the list shows, and in which order; kept in the URL, so that it survives a reload. */
import type { RunCard } from "../live/wire.ts";
import { type ShownStatus, shownStatus } from "./status.ts";

/** Sort orders of the list. */
export const orders = {
  newest: "Newest first",
  activity: "Last active",
  progress: "Progress",
  speed: "Images a second",
  name: "Name",
} as const;

export interface Filter {
  text: string;
  status: ShownStatus | "all";
  order: keyof typeof orders;
}

/** Reads a filter from a URL's query; unknown values become defaults. */
export function filterFrom(search: string): Filter {
  const query = new URLSearchParams(search);
  const status = query.get("status") ?? "all";
  const order = query.get("order") ?? "newest";
  const known = ["running", "stale", "stopped", "finished", "failed"];
  return {
    text: query.get("q") ?? "",
    status: known.includes(status) ? status as ShownStatus : "all", // one of the known statuses
    order: Object.hasOwn(orders, order) ? order as Filter["order"] : "newest", // a key of `orders`
  };
}

/** The query for a filter, without defaults. */
export function filterTo({ text, status, order }: Filter): string {
  const query = new URLSearchParams();
  if (text !== "") query.set("q", text);
  if (status !== "all") query.set("status", status);
  if (order !== "newest") query.set("order", order);
  const search = query.toString();
  return search === "" ? "" : `?${search}`;
}

/**
 * The cards that match a filter, sorted. All words of the text must occur in the run's id, plugin
 * or data.
 * @param now ms since 1970
 */
export function filterCards(cards: readonly RunCard[], filter: Filter, now: number): RunCard[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter((word) => word !== "");
  const shown = cards.filter(({ head }) => {
    if (filter.status !== "all" && shownStatus(head, now) !== filter.status) return false;
    const hay = `${head.id} ${head.plugin} ${head.data}`.toLowerCase();
    return words.every((word) => hay.includes(word));
  });
  const part = ({ head }: RunCard) => head.imagesSeen / Math.max(1, head.imagesTotal);
  const compare: Record<Filter["order"], (a: RunCard, b: RunCard) => number> = {
    newest: (a, b) => b.head.startedAt - a.head.startedAt,
    activity: (a, b) => b.head.heartbeatAt - a.head.heartbeatAt,
    progress: (a, b) => part(b) - part(a),
    speed: (a, b) => b.head.imagesPerSecond - a.head.imagesPerSecond,
    name: (a, b) => a.head.id.localeCompare(b.head.id),
  };
  return shown.sort(compare[filter.order]);
}
