/** The events of a run. The trainer emits them; observers (terminal, folder, KV) record them. */
import type { BackendInfo, RecordingStats } from "./backend/types.ts";
import type { DatasetInfo } from "./data.ts";
import type { Panel } from "./plugin/panels.ts";
import type { CheckpointEntry, LogLine, PanelEntry, SampleEntry } from "./run/store/types.ts";
import type { Phase, Position } from "./schedule.ts";

/** One event of a run. */
export type RunEvent =
  | {
    type: "start";
    imagesSeen: number; // above 0 when resumed
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
    /** Seconds per image by resolution, measured or estimated. */
    secondsPerImage: Record<string, number>;
  }
  // paths of older grids that are now removed
  | { type: "samples"; entry: SampleEntry; removed: readonly string[] }
  | { type: "panel"; entry: PanelEntry }
  | { type: "metrics"; imagesSeen: number; values: Record<string, number>; time: number }
  | { type: "checkpoint"; entry: CheckpointEntry; removed: number[] }
  | { type: "log"; line: LogLine }
  | { type: "end"; status: "finished" | "stopped" | "failed"; imagesSeen: number; reason: string };

/**
 * Receives every event in order. If `on` throws, the event counts as not taken: the same object is
 * sent again, before later ones, until it is taken. A failure and the recovery from it are each
 * logged once.
 */
export interface Observer {
  /** Name in log messages about failures. */
  name: string;
  /** Takes one event; training waits for it, at most a second. */
  on(event: RunEvent): void | Promise<void>;
  /** Flushes; no event follows. */
  close?(): void | Promise<void>;
}
