/** What is said of a run: hooks and the trainer put it in, observers and the run folder take it. */
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
  /** For people. */
  message: string;
  /** Groups repeats of a warning. */
  code?: string;
}

/** What hooks say, kept until the trainer takes it after each cycle. */
export interface Outbox {
  /** Adds a line. */
  log(message: string): void;
  /**
   * Adds a warning, unless its code was just told.
   * @param plugin whose code it is: plugins may use equal ones
   */
  warn(code: string, message: string, plugin?: string): void;
  /** Sets a curve's value in this cycle. */
  chart(name: string, value: number): void;
  /** Keeps what a panel shows until {@linkcode Outbox.takePanels}; only the newest of each. */
  show(shown: ShownPanel): void;
  /** Everything since the last call. */
  take(): { lines: OutboxLine[]; charts: Record<string, number> };
  /** What panels show that was not taken before. */
  takePanels(): ShownPanel[];
}

/**
 * Warnings of one code are kept once until another time the code was silent for this many `take`s.
 */
const QUIET_TAKES = 1000;

/**
 * An empty outbox. A warning that comes again and again is passed on once in a while only. What
 * plugins of JavaScript say is made text: the run store could not keep anything else.
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

/** Where the pictures of panels go. */
export interface PanelOutput {
  /**
   * Writes what a panel of pictures shows, over what it showed before.
   * @param file name without a folder, e.g. "diversity-twins"
   */
  writePanel(file: string, images: HostImages): Promise<Omit<PanelPictures, "captions">>;
}

/** Tells observers. */
export interface Reporter {
  /**
   * Hands an event to every observer, in order; resolves when all have taken it, or training should
   * wait no longer.
   */
  emit(event: RunEvent): Promise<void>;
  /** Lines of the log. */
  log(lines: readonly OutboxLine[]): Promise<void>;
  /** Points of the curves, at the present image. */
  chart(values: Record<string, number>): Promise<void>;
  /**
   * Passes on what hooks said.
   * @param interval takes what they charted in a cycle of steps, to be averaged. Without it, it is
   * charted at once, and panels are shown: it was said between cycles and is no part of the
   * interval that is resumed
   * @returns what they charted
   */
  passOn(interval?: RunningMeans): Promise<Record<string, number>>;
  /**
   * Passes on what hooks show in their panels; a picture that can't be written leaves the others.
   */
  showPanels(): Promise<void>;
  /**
   * A full disk must not end a run that may have room again by the next time; the last checkpoint
   * must be there.
   */
  surviving(what: string, write: () => Promise<unknown>): Promise<void>;
}

/** What a reporter reports. */
export interface ReporterOptions {
  /**
   * Told of every event; one that fails is told again what it missed, see {@linkcode ObserverFeed}.
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

/** What the run store keeps of a panel: pictures become a file. */
async function panelEntry(
  { plugin, name, panel, data }: ShownPanel,
  output: PanelOutput,
  imagesSeen: number,
): Promise<PanelEntry> {
  const place = { plugin, name, imagesSeen, time: Date.now() };
  // checked by its kind
  if (panel.kind !== "pictures") return { ...panel, ...place, data } as PanelEntry;
  const { images, captions = [] } = data as PanelData["pictures"]; // as its kind says
  const file = await output.writePanel(`${plugin}-${name}`, images);
  return { ...panel, ...place, data: { ...file, captions } };
}
