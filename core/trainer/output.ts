/** Where a run's pictures and checkpoints go; the run folder implements it, tests keep them in memory. */
import type { HostImages } from "../images/mod.ts";
import type { CheckpointEntry, PanelPictures, SampleEntry } from "../run/store/types.ts";
import type { HostPreview } from "./preview.ts";
import type { Snapshot } from "./snapshot.ts";

/** What a picture shows. */
export type SampleFacts = Pick<
  SampleEntry,
  "imagesSeen" | "resolution" | "phaseKind" | "alpha" | "weights"
>;

/** Receives what a run produces besides events. */
export interface RunOutput {
  /** Writes a sample grid. */
  writeSamples(preview: HostPreview, facts: SampleFacts): Promise<SampleEntry>;
  /** The reals beside the samples, once. */
  writeReals(preview: HostPreview): Promise<void>;
  /**
   * Writes what a panel of pictures shows, over what it showed before.
   * @param file name without a folder, e.g. "diversity-twins"
   */
  writePanel(
    file: string,
    images: HostImages,
  ): Promise<Omit<PanelPictures, "captions">>;
  /** Writes, then removes the oldest beyond what is kept. */
  writeCheckpoint(snapshot: Snapshot): Promise<{ entry: CheckpointEntry; removed: number[] }>;
}
