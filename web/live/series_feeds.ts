/// <reference lib="dom" />
/** Curves of several runs in the browser: one event stream for all, reading only what is new. */
import { useEffect, useRef, useState } from "preact/hooks";
import { openEventLink } from "./event_link.ts";
import { reach, UNREACHABLE } from "./reach.ts";
import { SeriesBuffer } from "./series_buffer.ts";
import { type RunCard, type RunList, unpackSeries } from "./wire.ts";
import { addressOf } from "../lib/address.ts";

/** What is known of several runs. */
export interface SeriesFeeds {
  buffers: ReadonlyMap<string, SeriesBuffer>;
  /** The newest cards of all runs, by id; empty until the first list arrives. */
  cards: ReadonlyMap<string, RunCard>;
  /** The server's clock when the cards were made, ms since 1970; null until then. */
  now: number | null;
  /** Those of the runs that were removed from the dashboard. */
  gone: readonly string[];
  /** Current problems, for the user. */
  problems: readonly string[];
}

/**
 * Loads the runs' curves and follows them.
 * @param ids of the runs
 */
export function useSeriesFeeds(ids: readonly string[]): SeriesFeeds {
  const feeds = useRef({
    buffers: new Map<string, SeriesBuffer>(),
    cards: new Map<string, RunCard>(),
    now: null as number | null,
    gone: [] as string[],
    problems: new Map<string, string>(),
  });
  const [, redraw] = useState(0);
  useEffect(() => {
    const ending = new AbortController();
    const { current } = feeds;
    const { buffers, problems } = current;
    const reading = new Set<string>();
    const tell = (key: string, problem: string | null) => {
      if (problem === null) problems.delete(key);
      else problems.set(key, problem);
      redraw((n) => n + 1);
    };

    async function read(id: string): Promise<void> {
      if (reading.has(id)) return;
      reading.add(id);
      try {
        const known = buffers.get(id);
        const after = known ? `?after=${encodeURIComponent(known.cursor)}` : "";
        const { signal } = ending;
        const response = await reach(addressOf(`/api/runs/${id}/series${after}`), { signal });
        const columns = unpackSeries(await response.arrayBuffer());
        const isAnew = response.headers.get("x-restarted") === "1";
        const buffer = known && !isAnew ? known : new SeriesBuffer();
        buffer.append(columns);
        buffers.set(id, buffer);
        tell(id, null);
      } catch (error) {
        if (ending.signal.aborted) return;
        const message = error instanceof Error ? error.message : String(error);
        tell(id, message === UNREACHABLE ? message : `${id}: ${message}`);
      } finally {
        reading.delete(id);
      }
    }

    for (const id of ids) void read(id);
    const link = openEventLink({
      url: () => addressOf("/api/events"),
      onLink(isUp) {
        tell("link", isUp ? null : UNREACHABLE);
        if (!isUp) return;
        for (const id of ids) if (problems.has(id)) void read(id);
      },
      on: {
        list(data) {
          const list = JSON.parse(data) as RunList;
          const before = current.cards;
          current.cards = new Map(list.cards.map((card) => [card.head.id, card]));
          current.now = list.now;
          // A damaged run is missing from the list as well; the list's problem names it.
          current.gone = ids.filter((id) => !current.cards.has(id) && !list.problem?.includes(id));
          for (const id of current.gone) problems.delete(id);
          for (const id of ids) {
            const [old, now] = [before.get(id), current.cards.get(id)];
            const hasMoved = old && now && old.head.imagesSeen !== now.head.imagesSeen;
            if (hasMoved || (now && problems.has(id))) void read(id);
          }
          tell("list", list.problem);
        },
        problem: (data) => tell("store", data === "" ? null : data),
      },
    });
    return () => {
      ending.abort();
      link.close();
    };
  }, [ids.join()]);
  const { problems, ...rest } = feeds.current;
  return { ...rest, problems: [...new Set(problems.values())] };
}
