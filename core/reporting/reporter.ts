/**
 * Collects what hooks and the trainer report during a run, and passes it on to observers and the
 * run folder.
 */
import type { Observer, RunEvent } from "../events.ts";
import type { HostImages } from "../images/mod.ts";
import { type PanelData, PluginError, type ShownPanel } from "../plugin/mod.ts";
import type { PanelEntry, PanelPictures } from "../run/store/types.ts";
import { messageOf } from "../text.ts";
import { DivergedError } from "./diverged_error.ts";
import { createObserverFeed } from "./observer_feed.ts";
import { addTo, type RunningMeans } from "./running_means.ts";

/** A line for the log. */
export interface OutboxLine {
  level: "info" | "warning";
  /** Human-readable. */
  message: string;
  /** Identifies repeats of a warning. */
  code?: string;
}

/** What hooks log, chart and show, kept until the trainer takes it after each cycle. */
export interface Outbox {
  /** Adds a line. */
  log(message: string): void;
  /**
   * Adds a warning, unless one of the same code was added recently.
   * @param plugin scope of the code: different plugins may use equal codes
   */
  warn(code: string, message: string, plugin?: string): void;
  /** Sets a curve's value for this cycle. */
  chart(name: string, value: number): void;
  /**
   * Keeps what a panel shows until {@linkcode Outbox.takePanels}; only the latest of each panel.
   */
  show(shown: ShownPanel): void;
  /** Everything since the last call. */
  take(): { lines: OutboxLine[]; charts: Record<string, number> };
  /** What was shown in panels since the last call. */
  takePanels(): ShownPanel[];
}

/** A repeated warning is dropped unless its code has not occurred for this many `take`s. */
const QUIET_TAKES = 1000;

/**
 * An empty outbox. Messages are converted to text, since plugins in JavaScript may pass anything
 * and the run store keeps only text.
 */
export function createOutbox(): Outbox {
  let lines: OutboxLine[] = [], charts: Record<string, number> = {}, takes = 0;
  const told = new Map<string, number>();
  const panels = new Map<string, ShownPanel>();
  return {
    log: (message) => void lines.push({ level: "info", message: messageOf(message) }),
    warn(given, text, plugin = "") {
      const code = messageOf(given), message = messageOf(text ?? given);
      const key = `${plugin}/${code}`, last = told.get(key);
      told.set(key, takes);
      if (last === undefined || takes - last > QUIET_TAKES) {
        lines.push({ level: "warning", message, code });
      }
    },
    chart: (name, value) => void (charts[name] = value),
    show: (shown) => void panels.set(`${shown.plugin}/${shown.name}`, shown),
    takePanels() {
      const taken = [...panels.values()];
      panels.clear();
      return taken;
    },
    take() {
      const taken = { lines, charts };
      [lines, charts] = [[], {}];
      takes++;
      return taken;
    },
  };
}

/** Where the pictures of panels are written. */
export interface PanelOutput {
  /**
   * Writes the pictures of a panel, replacing those that it showed before.
   * @param file name without a folder, e.g. "diversity-twins"
   */
  writePanel(file: string, images: HostImages): Promise<Omit<PanelPictures, "captions">>;
}

/** Sends events to observers. */
export interface Reporter {
  /**
   * Hands an event to every observer, in order; resolves when all have taken it, or when training
   * should wait no longer.
   */
  emit(event: RunEvent): Promise<void>;
  /** Emits lines of the log. */
  log(lines: readonly OutboxLine[]): Promise<void>;
  /** Emits points of the curves at the current imagesSeen. */
  chart(values: Record<string, number>): Promise<void>;
  /**
   * Passes on what hooks logged, charted and showed.
   * @param interval collects what they charted during a cycle of steps, to be averaged. Without it,
   * points are charted and panels shown at once: they were made between cycles and don't belong to
   * the interval that checkpoints keep
   * @returns the charted points
   */
  passOn(interval?: RunningMeans): Promise<Record<string, number>>;
  /**
   * Passes on what hooks show in their panels. If one panel's pictures can't be written, the others
   * still are.
   */
  showPanels(): Promise<void>;
  /**
   * Runs `write` and turns its failure into a warning: a full disk must not end a run that may have
   * room again by the next time. Not for the last checkpoint, which must be written.
   */
  surviving(what: string, write: () => Promise<unknown>): Promise<void>;
}

export interface ReporterOptions {
  /**
   * They get every event; one that fails gets what it missed later, see {@linkcode ObserverFeed}.
   */
  observers: readonly Observer[];
  outbox: Outbox;
  counters: { readonly imagesSeen: number };
  output: PanelOutput;
}

/** A reporter for one session of a run. */
export function createReporter(
  { observers, outbox, counters, output }: ReporterOptions,
): Reporter {
  const feeds = observers.map((observer) =>
    createObserverFeed(observer, {
      tell: (level, message) => log([{ level, message, code: "observer" }]),
    })
  );

  async function emit(event: RunEvent): Promise<void> {
    for (const feed of feeds) await feed.send(event);
  }

  async function log(lines: readonly OutboxLine[]): Promise<void> {
    const { imagesSeen } = counters;
    for (const line of lines) {
      await emit({ type: "log", line: { time: Date.now(), imagesSeen, ...line } });
    }
  }

  async function chart(values: Record<string, number>): Promise<void> {
    if (Object.keys(values).length === 0) return;
    await emit({ type: "metrics", imagesSeen: counters.imagesSeen, values, time: Date.now() });
  }

  async function passOn(interval?: RunningMeans): Promise<Record<string, number>> {
    const { lines, charts } = outbox.take();
    if (interval) addTo(interval, charts);
    else await chart(charts);
    await log(lines);
    if (!interval) await showPanels();
    return charts;
  }

  async function showPanels(): Promise<void> {
    for (const shown of outbox.takePanels()) {
      await surviving("panel", async () => {
        await emit({ type: "panel", entry: await panelEntry(shown, output, counters.imagesSeen) });
      });
    }
  }

  async function surviving(what: string, write: () => Promise<unknown>): Promise<void> {
    try {
      await write();
    } catch (error) {
      if (error instanceof DivergedError || error instanceof PluginError) throw error;
      const message = `${messageOf(error)}. Training goes on without this ${what}`;
      await log([{ level: "warning", message, code: `${what}-failed` }]);
    }
  }

  return { emit, log, chart, passOn, showPanels, surviving };
}

/** A panel as the run store keeps it: pictures are written to a file. */
async function panelEntry(
  { plugin, name, panel, data }: ShownPanel,
  output: PanelOutput,
  imagesSeen: number,
): Promise<PanelEntry> {
  const place = { plugin, name, imagesSeen, time: Date.now() };
  // checkShown() checked the data by the panel's kind
  if (panel.kind !== "pictures") return { ...panel, ...place, data } as PanelEntry;
  const { images, captions = [] } = data as PanelData["pictures"]; // checked likewise
  const file = await output.writePanel(`${plugin}-${name}`, images);
  return { ...panel, ...place, data: { ...file, captions } };
}
