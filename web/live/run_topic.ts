/** A run, kept up to date: its state, and the newest points and log lines. */
import type { LogLine, RunHead, RunStore, SeriesColumns } from "../../core/run/store/types.ts";
import { createTopic, type Topic } from "./topic.ts";
import { createPhaseReader } from "./phase_reader.ts";
import { createDeltaRing, type DeltaRing } from "./delta_ring.ts";
import {
  publicCheckpoint,
  publicHead,
  publicPanel,
  type PublicSample,
  publicSample,
  type RunState,
  type SeriesDelta,
} from "./wire.ts";

/** Samples are read again at least this often, ms. */
const SAMPLES_INTERVAL = 10_000;

/** A run and its changes. */
export interface RunTopic extends Topic {
  /**
   * JSON text of the run's state without its samples; "" before the first read. `gone` is set once
   * the run is deleted.
   */
  readonly state: string;
  /** JSON text of the plugins' panels; "" before the first read. */
  readonly panels: string;
  /** Sample grids, oldest first. */
  readonly samples: readonly PublicSample[];
  readonly gone: boolean;
  readonly sessions: number;
  /** Newest points, from one cursor to the next. */
  readonly series: DeltaRing<string>;
  /** Newest log lines, from one position to the next. */
  readonly log: DeltaRing<number>;
}

/**
 * @param store where run state is stored
 * @param id of the run
 */
export function createRunTopic(store: RunStore, id: string): RunTopic {
  const series = createDeltaRing<string>(64);
  const log = createDeltaRing<number>(64);
  const phasesOf = createPhaseReader(store);
  const sampled = {
    list: [] as PublicSample[],
    latest: undefined as string | null | undefined,
    at: 0,
  };
  const now = { state: "", panels: "", seen: "", gone: false, sessions: 0 };

  async function readState(): Promise<boolean> {
    const head = await store.head(id);
    now.gone = head === null;
    if (!head) return true;
    const hasGrown = await readSamples(head);
    const [phases, checkpoints, stopRequested] = await Promise.all([
      phasesOf(head),
      store.checkpoints(id),
      store.stopRequested(id),
    ]);
    if (head.sessions !== now.sessions) {
      series.clear();
      log.clear();
    }
    now.sessions = head.sessions;
    const state: Omit<RunState, "now" | "samples"> = {
      head: publicHead(head),
      phases,
      checkpoints: checkpoints.map(publicCheckpoint),
      stopRequested,
    };
    const body = JSON.stringify(state);
    if (body === now.seen) return hasGrown;
    now.seen = body;
    now.state = JSON.stringify({ ...state, now: Date.now() });
    return true;
  }

  /**
   * A day-long run has thousands of samples. They are read when the head names a new one, and
   * occasionally.
   */
  async function readSamples({ latestSample, sessions }: RunHead): Promise<boolean> {
    const isFresh = performance.now() - sampled.at < SAMPLES_INTERVAL;
    if (isFresh && latestSample === sampled.latest && sessions === now.sessions) return false;
    const list = (await store.samples(id)).map((entry) => publicSample(id, entry));
    sampled.at = performance.now();
    sampled.latest = latestSample;
    const isSame = list.length === sampled.list.length &&
      list.every(({ url }, i) => url === sampled.list[i]!.url);
    if (isSame) return false;
    sampled.list = list;
    return true;
  }

  async function readPanels(): Promise<boolean> {
    const panels = await store.panels(id);
    const text = JSON.stringify(panels.map((panel) => publicPanel(id, panel)));
    if (text === now.panels) return false;
    now.panels = text;
    return true;
  }

  async function readSeries(): Promise<boolean> {
    const from = series.end;
    if (from === undefined) return false; // until the first reader sets the position
    const columns = await store.readSeries(id, { after: from }).catch((error) => {
      series.clear(); // a position that cannot be read must not be kept
      throw error;
    });
    if (columns.restarted) {
      series.startAt(columns.cursor); // rewound: readers behind this position reload everything
      return true;
    }
    if (columns.cursor === from || columns.imagesSeen.length === 0) return false;
    series.push(columns.cursor, JSON.stringify(seriesDelta(columns)));
    return true;
  }

  async function readLog(): Promise<boolean> {
    const from = log.end;
    const { lines, next } = await store.readLog(id, from === undefined ? {} : { after: from });
    if (from === undefined) log.startAt(next);
    else if (next !== from) log.push(next, logDelta(lines, next));
    return from !== undefined && next !== from;
  }

  const topic = createTopic({
    interval: 100,
    watch: (signal) => store.watch(id, signal),
    async refresh() {
      const state = await readState();
      if (now.gone) return state;
      const changes = [state, await readPanels(), await readSeries(), await readLog()];
      return changes.includes(true);
    },
  });
  return Object.defineProperties(topic, {
    state: { get: () => now.state },
    panels: { get: () => now.panels },
    samples: { get: () => sampled.list },
    gone: { get: () => now.gone },
    sessions: { get: () => now.sessions },
    series: { value: series },
    log: { value: log },
  }) as RunTopic; // the seven properties complete a RunTopic
}

/** Columns as JSON-compatible arrays; NaN becomes null. */
export function seriesDelta(columns: SeriesColumns): SeriesDelta {
  const values: SeriesDelta["values"] = {};
  for (const [name, column] of Object.entries(columns.values)) {
    values[name] = Array.from(column, (v) => Number.isFinite(v) ? v : null);
  }
  return {
    imagesSeen: [...columns.imagesSeen],
    time: [...columns.time],
    values,
    cursor: columns.cursor,
  };
}

/** Log lines as JSON text. */
export function logDelta(lines: readonly LogLine[], next: number): string {
  return JSON.stringify({ lines, next });
}
