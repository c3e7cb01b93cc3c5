/** Run state in memory: the simplest store that passes the suite; for tests and short-lived tools. */
import type {
  CheckpointEntry,
  LogLine,
  PanelEntry,
  RunDetails,
  RunHead,
  RunStore,
  SampleEntry,
  SeriesColumns,
  SeriesPoint,
} from "./types.ts";
import {
  appendPoints,
  emptyChunk,
  formatCursor,
  joinChunks,
  newEpoch,
  parseCursor,
  type SeriesChunk,
} from "./series.ts";
import {
  emptied,
  knownRun,
  LOG_LINES_KEPT,
  LOG_LINES_READ,
  trimHead,
  trimLine,
  unknownRun,
} from "./limits.ts";
import { Signals } from "./signals.ts";

interface MemoryRun {
  head: RunHead;
  details: RunDetails;
  epoch: number;
  points: SeriesPoint[];
  samples: Map<string, SampleEntry>;
  checkpoints: Map<number, CheckpointEntry>;
  panels: Map<string, PanelEntry>;
  log: { number: number; line: LogLine }[];
  nextLine: number;
}

/** A {@linkcode RunStore} that lives as long as the object. */
export class MemoryRunStore implements RunStore {
  #runs = new Map<string, MemoryRun>();
  #stops = new Set<string>();
  #signals = new Signals();

  // deno-lint-ignore require-await -- errors are rejections, as in every store
  async create(head: RunHead, details: RunDetails): Promise<void> {
    if (this.#runs.has(head.id)) throw knownRun(head.id);
    this.#runs.set(head.id, {
      head: structuredClone(trimHead(head)),
      details: structuredClone(details),
      epoch: newEpoch(),
      points: [],
      samples: new Map(),
      checkpoints: new Map(),
      panels: new Map(),
      log: [],
      nextLine: 0,
    });
    this.#signals.notify(head.id);
  }

  update(id: string, change: Partial<Omit<RunHead, "schema" | "id">>): Promise<void> {
    return this.#change("update a run", id, (run) => {
      run.head = { ...run.head, ...structuredClone(trimHead(change)) };
    }, true);
  }

  describe(id: string, details: RunDetails): Promise<void> {
    return this.#change("describe a run", id, (run) => {
      run.details = structuredClone(details);
    }, true);
  }

  head(id: string): Promise<RunHead | null> {
    return Promise.resolve(structuredClone(this.#runs.get(id)?.head ?? null));
  }

  details(id: string): Promise<RunDetails | null> {
    return Promise.resolve(structuredClone(this.#runs.get(id)?.details ?? null));
  }

  list(): Promise<RunHead[]> {
    const heads = [...this.#runs.values()].map((run) => structuredClone(run.head));
    return Promise.resolve(heads.sort((a, b) => a.id < b.id ? -1 : 1));
  }

  ids(): Promise<string[]> {
    return Promise.resolve([...this.#runs.keys()].sort());
  }

  appendSeries(id: string, points: readonly SeriesPoint[]): Promise<void> {
    return this.#change("append to a series", id, (run) => {
      appendPoints(emptyChunk(), points); // the same refusals as in every store
      run.points.push(...structuredClone(points as SeriesPoint[])); // a clone may be written to
    });
  }

  // deno-lint-ignore require-await -- errors are rejections, as in every store
  async readSeries(id: string, options: { after?: string } = {}): Promise<SeriesColumns> {
    const after = options.after === undefined ? undefined : parseCursor(options.after);
    const { epoch, points } = this.#runs.get(id) ?? { epoch: 0, points: [] };
    const row = after?.epoch === epoch ? after.row : 0;
    const chunks: SeriesChunk[] = appendPoints(emptyChunk(), points.slice(row));
    const cursor = formatCursor({ epoch, chunk: 0, row: points.length });
    const restarted = after !== undefined && after.epoch !== epoch;
    return { ...joinChunks(chunks, 0), cursor, ...restarted ? { restarted } : {} };
  }

  addSample(id: string, entry: SampleEntry): Promise<void> {
    return this.#change("add a sample", id, (run) => {
      run.samples.set(entry.path, structuredClone(entry));
    });
  }

  samples(id: string): Promise<SampleEntry[]> {
    const samples = [...this.#runs.get(id)?.samples.values() ?? []];
    samples.sort((a, b) => a.imagesSeen - b.imagesSeen || (a.path < b.path ? -1 : 1));
    return Promise.resolve(structuredClone(samples));
  }

  addCheckpoint(id: string, entry: CheckpointEntry): Promise<void> {
    return this.#change("add a checkpoint", id, (run) => {
      run.checkpoints.set(entry.imagesSeen, structuredClone(entry));
    });
  }

  removeCheckpoint(id: string, imagesSeen: number): Promise<void> {
    return this.#change("remove a checkpoint", id, (run) => {
      run.checkpoints.delete(imagesSeen);
    });
  }

  checkpoints(id: string): Promise<CheckpointEntry[]> {
    const entries = [...this.#runs.get(id)?.checkpoints.values() ?? []];
    return Promise.resolve(structuredClone(entries.sort((a, b) => a.imagesSeen - b.imagesSeen)));
  }

  setPanel(id: string, entry: PanelEntry): Promise<void> {
    return this.#change("set a panel", id, (run) => {
      run.panels.set(`${entry.plugin}/${entry.name}`, structuredClone(entry));
    });
  }

  panels(id: string): Promise<PanelEntry[]> {
    const panels = [...this.#runs.get(id)?.panels ?? []].sort(([a], [b]) => a < b ? -1 : 1);
    return Promise.resolve(structuredClone(panels.map(([, entry]) => entry)));
  }

  appendLog(id: string, lines: readonly LogLine[]): Promise<void> {
    return this.#change("append to the log", id, (run) => {
      for (const line of lines) {
        run.log.push({ number: run.nextLine++, line: structuredClone(trimLine(line)) });
      }
      run.log.splice(0, Math.max(0, run.log.length - LOG_LINES_KEPT));
    });
  }

  readLog(
    id: string,
    { after, limit = LOG_LINES_READ }: { after?: number; limit?: number } = {},
  ): Promise<{ lines: LogLine[]; next: number }> {
    const run = this.#runs.get(id);
    if (!run) return Promise.resolve({ lines: [], next: 0 });
    const kept = after === undefined
      ? run.log.slice(Math.max(0, run.log.length - limit))
      : run.log.filter(({ number }) => number >= after).slice(0, limit);
    const last = kept.at(-1);
    const rest = last !== undefined && last !== run.log.at(-1);
    const next = rest ? last.number + 1 : run.nextLine;
    return Promise.resolve({ lines: structuredClone(kept.map(({ line }) => line)), next });
  }

  rewind(id: string, imagesSeen: number): Promise<void> {
    return this.#change("rewind a run", id, (run) => {
      run.epoch++;
      run.points = run.points.filter((point) => point.imagesSeen <= imagesSeen);
      run.log = run.log.filter(({ line }) => line.imagesSeen <= imagesSeen);
      for (const [path, sample] of run.samples) {
        if (sample.imagesSeen > imagesSeen) run.samples.delete(path);
      }
      for (const [key, panel] of run.panels) {
        if (panel.imagesSeen > imagesSeen) run.panels.set(key, emptied(panel));
      }
    });
  }

  requestStop(id: string): Promise<void> {
    return this.#change("request a stop", id, () => this.#stops.add(id));
  }

  stopRequested(id: string): Promise<boolean> {
    return Promise.resolve(this.#stops.has(id));
  }

  clearStop(id: string): Promise<void> {
    this.#stops.delete(id);
    return Promise.resolve();
  }

  delete(id: string): Promise<void> {
    this.#runs.delete(id);
    this.#stops.delete(id);
    this.#signals.notify(id);
    return Promise.resolve();
  }

  watch(id: string | undefined, signal: AbortSignal): AsyncIterable<void> {
    return this.#signals.watch(id, signal);
  }

  close(): void {
    this.#signals.close();
  }

  // deno-lint-ignore require-await -- errors are rejections, as in every store
  async #change(
    action: string,
    id: string,
    change: (run: MemoryRun) => unknown,
    changesHead = false,
  ): Promise<void> {
    const run = this.#runs.get(id);
    if (!run) throw unknownRun(action, id);
    change(run);
    this.#signals.notify(id, changesHead);
  }
}
