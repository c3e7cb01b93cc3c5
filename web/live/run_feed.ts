/// <reference lib="dom" />
/** A run in the browser: its state, curves and log, kept up to date by a single stream. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { LogLine } from "../../core/run/store/types.ts";
import { openEventLink } from "./event_link.ts";
import { reach } from "./reach.ts";
import { SeriesBuffer } from "./series_buffer.ts";
import {
  type LogDelta,
  overviewUrl,
  packResume,
  type PublicPanel,
  type RunState,
  type SamplesDelta,
  samplesPosition,
  type SeriesDelta,
  unpackSeries,
} from "./wire.ts";
import { addressOf } from "../lib/address.ts";

/** Log lines kept in the page. */
const MAX_LINES = 2000;

/** What the page shows. */
export interface RunFeed {
  state: RunState;
  series: SeriesBuffer;
  log: LogLine[];
  panels: readonly PublicPanel[];
  /** "loading" until the curves are loaded; "lost" while the server cannot be reached. */
  link: "loading" | "live" | "lost" | "gone";
  problem: string | null;
}

/**
 * Loads curves and log, then follows the run. However many events arrive, the page is rendered at
 * most once per frame.
 * @param initial the state that the page was rendered with
 * @param options what could not be read for it, and what plugins showed; the stream reports changes
 */
export function useRunFeed(
  initial: RunState,
  { problem, panels }: Pick<RunFeed, "problem" | "panels">,
): RunFeed {
  const { id } = initial.head;
  const feed = useRef<RunFeed>({
    state: initial,
    series: new SeriesBuffer(),
    log: [],
    panels,
    link: "loading",
    problem,
  });
  const [, redraw] = useState(0);

  useEffect(() => {
    const ending = new AbortController();
    let frame = 0;
    const set = (change: Partial<RunFeed>) => {
      feed.current = { ...feed.current, ...change };
      if (frame !== 0) return;
      frame = requestAnimationFrame(() => {
        frame = 0;
        redraw((n) => n + 1);
      });
    };
    let close = () => {};

    async function start(): Promise<void> {
      close();
      const logging = reach(addressOf(`/api/runs/${id}/log`), { signal: ending.signal })
        .then((r) => r.json() as Promise<LogDelta>);
      const overview = await reach(overviewUrl(id), { signal: ending.signal });
      let series = bufferOf(await overview.arrayBuffer());
      if (overview.headers.get("x-whole") !== "1") {
        set({ series });
        await painted();
        const whole = await reach(addressOf(`/api/runs/${id}/series`), { signal: ending.signal });
        series = bufferOf(await whole.arrayBuffer());
      }
      const log = await logging;
      let next = log.next;
      set({ series, log: log.lines.slice(-MAX_LINES), link: "live" });
      const restart = () => void start().catch(failed);
      const link = openEventLink({
        url: () => {
          const { head: { sessions }, samples } = feed.current.state;
          const from = packResume({
            cursor: series.cursor,
            log: next,
            sessions,
            samples: samplesPosition(samples),
          });
          return addressOf(`/api/runs/${id}/events?from=${encodeURIComponent(from)}`);
        },
        onLink: (isUp) => set({ link: isUp ? "live" : "lost" }),
        on: {
          state: (data) => {
            const state = JSON.parse(data) as Omit<RunState, "samples">;
            set({ state: { ...state, samples: feed.current.state.samples } });
          },
          samples: (data) => {
            const { keep, added } = JSON.parse(data) as SamplesDelta, { state } = feed.current;
            set({ state: { ...state, samples: [...state.samples.slice(0, keep), ...added] } });
          },
          panels: (data) => set({ panels: JSON.parse(data) as PublicPanel[] }),
          series: (data) => {
            series.append(JSON.parse(data) as SeriesDelta);
            set({});
          },
          log: (data) => {
            const delta = JSON.parse(data) as LogDelta;
            next = delta.next;
            set({ log: [...feed.current.log, ...delta.lines].slice(-MAX_LINES) });
          },
          problem: (data) => set({ problem: data === "" ? null : data }),
          gone: () => {
            close();
            set({ link: "gone" });
          },
          reset: (data) => {
            const { state } = feed.current;
            set({ state: { ...state, head: { ...state.head, sessions: Number(data) } } });
            restart();
          },
        },
      });
      close = link.close;
    }

    function failed(error: unknown) {
      if (ending.signal.aborted) return;
      set({ link: "lost", problem: error instanceof Error ? error.message : String(error) });
      setTimeout(() => void start().catch(failed), 2000);
    }

    start().catch(failed);
    return () => {
      ending.abort();
      cancelAnimationFrame(frame);
      close();
    };
  }, [id]);

  return feed.current;
}

function bufferOf(packed: ArrayBuffer): SeriesBuffer {
  const buffer = new SeriesBuffer();
  buffer.append(unpackSeries(packed));
  return buffer;
}

/** Resolves after the next frame, so that what is loaded is painted before more is fetched. */
function painted(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}
