/** Passes on what plugins and the trainer say of a run: lines of the log, charts, panels. */
import type { RunEvent } from "../events.ts";
import { PluginError } from "../plugin/mod.ts";
import { messageOf } from "../text.ts";
import { DivergedError } from "./diverged_error.ts";
import { addTo, type RunningMeans } from "./running_means.ts";
import type { OutboxLine } from "./outbox.ts";
import type { RunOutput } from "./output.ts";
import { panelEntry } from "./panel_entry.ts";
import type { TrainingState } from "./training_state.ts";

/** Ways to say something. */
export interface Telling {
  /** Lines of the log. */
  tell(lines: readonly OutboxLine[]): Promise<void>;
  /** Figures that are measured now, into the curves. */
  measured(values: Record<string, number>): Promise<void>;
  /** Passes on what plugins said in a cycle; what they charted is averaged over the interval. */
  flush(interval: RunningMeans): Promise<void>;
  /** Passes on what plugins said of something between cycles: it is no part of the interval that is resumed. */
  flushNow(): Promise<Record<string, number>>;
  /** Passes on what plugins show in their panels; a picture that can't be written leaves the others. */
  show(): Promise<void>;
  /** A full disk must not end a run that may have room again by the next time; the last checkpoint must be there. */
  surviving(what: string, write: () => Promise<unknown>): Promise<void>;
}

/** @param emit tells every observer */
export function createTelling(
  { counters, outbox }: TrainingState,
  output: RunOutput,
  emit: (event: RunEvent) => Promise<void>,
): Telling {
  async function tell(lines: readonly OutboxLine[]): Promise<void> {
    for (const line of lines) {
      await emit({
        type: "log",
        line: { time: Date.now(), imagesSeen: counters.imagesSeen, ...line },
      });
    }
  }

  async function measured(values: Record<string, number>): Promise<void> {
    if (Object.keys(values).length === 0) return;
    await emit({ type: "metrics", imagesSeen: counters.imagesSeen, values, time: Date.now() });
  }

  async function surviving(what: string, write: () => Promise<unknown>): Promise<void> {
    try {
      await write();
    } catch (error) {
      if (error instanceof DivergedError || error instanceof PluginError) throw error;
      const message = `${messageOf(error)}. Training goes on without this ${what}`;
      await tell([{ level: "warning", message, code: `${what}-failed` }]);
    }
  }

  async function show(): Promise<void> {
    for (const shown of outbox.takePanels()) {
      await surviving("panel", async () => {
        await emit({ type: "panel", entry: await panelEntry(shown, output, counters.imagesSeen) });
      });
    }
  }

  return {
    tell,
    measured,
    show,
    surviving,
    async flush(interval) {
      const { lines, charts } = outbox.take();
      addTo(interval, charts);
      await tell(lines);
    },
    async flushNow() {
      const { lines, charts } = outbox.take();
      await measured(charts);
      await tell(lines);
      await show();
      return charts;
    },
  };
}
