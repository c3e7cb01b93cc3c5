/// <reference lib="dom" />
/** Curves of several runs in the browser: one event stream for all, and only what is new is read. */
import { useEffect, useRef, useState } from "preact/hooks";
import { openEventLink } from "./event_link.ts";
import { SeriesBuffer } from "./series_buffer.ts";
import { type RunCard, type RunList, unpackSeries } from "./wire.ts";

/** What is known of several runs. */
export interface SeriesFeeds {
  buffers: ReadonlyMap<string, SeriesBuffer>;
  /** Newest cards, by id. */
  cards: ReadonlyMap<string, RunCard>;
  problem: string | null;
}

/**
 * Loads the runs' curves and follows them.
 * @param ids of the runs
 */
export function useSeriesFeeds(ids: readonly string[]): SeriesFeeds {
  const feeds = useRef({
    buffers: new Map<string, SeriesBuffer>(),
    cards: new Map<string, RunCard>(),
  });
  const [problem, setProblem] = useState<string | null>(null);
  const [, redraw] = useState(0);
  useEffect(() => {
    const ending = new AbortController();
    const { buffers, cards } = feeds.current;
    const reading = new Set<string>();

    async function read(id: string): Promise<void> {
      if (reading.has(id)) return;
      reading.add(id);
      try {
        const known = buffers.get(id);
        const after = known ? `?after=${encodeURIComponent(known.cursor)}` : "";
        const response = await fetch(`/api/runs/${id}/series${after}`, { signal: ending.signal });
        if (!response.ok) throw new Error(await response.text());
        const columns = unpackSeries(await response.arrayBuffer());
        const isAnew = response.headers.get("x-restarted") === "1";
        const buffer = known && !isAnew ? known : new SeriesBuffer();
        buffer.append(columns);
        buffers.set(id, buffer);
        redraw((n) => n + 1);
      } catch (error) {
        if (!ending.signal.aborted) {
          setProblem(`${id}: ${error instanceof Error ? error.message : error}`);
        }
      } finally {
        reading.delete(id);
      }
    }

    for (const id of ids) void read(id);
    const link = openEventLink({
      url: () => "/api/events",
      onLink: () => {},
      on: {
        list: (data) => {
          for (const card of (JSON.parse(data) as RunList).cards) {
            const before = cards.get(card.head.id);
            cards.set(card.head.id, card);
            const moved = before && before.head.imagesSeen !== card.head.imagesSeen;
            if (moved && ids.includes(card.head.id)) void read(card.head.id);
          }
          redraw((n) => n + 1);
        },
      },
    });
    return () => {
      ending.abort();
      link.close();
    };
  }, [ids.join()]);
  return { ...feeds.current, problem };
}
