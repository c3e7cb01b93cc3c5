/**
 * What a run tells: typed events. The trainer emits them; observers (terminal, folder, KV) write.
 */
import type { BackendInfo, RecordingStats } from "./backend/types.ts";
import type { DatasetInfo } from "./data.ts";
import type { Panel } from "./plugin/panels.ts";
import type { CheckpointEntry, LogLine, PanelEntry, SampleEntry } from "./run/store/types.ts";
import type { Phase, Position } from "./schedule.ts";

/** One event of a run. */
export type RunEvent =
  | {
    type: "start";
    imagesSeen: number; // more than 0 when resumed
    imagesTotal: number;
    phases: readonly Phase[];
    dataset: DatasetInfo;
    backend: BackendInfo;
    config: Record<string, unknown>;
    panels: readonly { plugin: string; name: string; panel: Panel }[];
    parameters: { generator: number; discriminator: number };
  }
  | {
    type: "phase";
    imagesSeen: number;
    position: Position;
    parameters: { generator: number; discriminator: number };
  }
  | { type: "schedule"; phases: readonly Phase[]; imagesTotal: number } // a plugin cut a phase
  | { type: "recorded"; imagesSeen: number; name: string; stats: RecordingStats }
  | {
    type: "progress";
    imagesSeen: number;
    imagesTotal: number;
    position: Position;
    imagesPerSecond: number;
    etaSeconds: number | null;
    trainedSeconds: number;
    /** Averages since the last progress event. */
    values: Record<string, number>;
    time: number; // ms since 1970
  }
  | {
    type: "tick";
    imagesSeen: number;
    position: Position;
    imagesPerSecond: number;
    etaSeconds: number | null;
    /** Seconds an image, by resolution: measured, or guessed from those that were. */
    secondsPerImage: Record<string, number>;
  }
  | { type: "samples"; entry: SampleEntry; removed: readonly string[] } // paths of grids that go for it
  | { type: "panel"; entry: PanelEntry }
  | { type: "metrics"; imagesSeen: number; values: Record<string, number>; time: number }
  | { type: "checkpoint"; entry: CheckpointEntry; removed: number[] }
  | { type: "log"; line: LogLine }
  | { type: "end"; status: "finished" | "stopped" | "failed"; imagesSeen: number; reason: string };

/**
 * Receives every event in order. An error means that the event was not taken: it comes again, the
 * same object, before those after it, until it is taken; that it failed, and that it works again,
 * is each told once.
 */
export interface Observer {
  /** How the log names it where it fails. */
  name: string;
  /** Takes one event; the run waits, a second at most. */
  on(event: RunEvent): void | Promise<void>;
  /** Writes what is left; no event follows. */
  close?(): void | Promise<void>;
}
