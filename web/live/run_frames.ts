/** Determines what a reader of a run is sent next, given its position. */
import type { RunStore } from "../../core/run/store/types.ts";
import { messageOf } from "../../core/text.ts";
import { logDelta, type RunTopic, seriesDelta } from "./run_topic.ts";
import type { Frame, FrameSource } from "./sse.ts";
import { packResume, type ResumePoint, samplesPosition, samplesSince } from "./wire.ts";

/** If a reader lacks more points than this, it is told to reload the curves. */
const MAX_CATCH_UP = 5000;

/**
 * Frames for one reader: "state" and "panels" when they have changed, "samples", "series" and "log"
 * with what the reader lacks, "problem" when reading fails, "reset" when the run was rewound or the
 * reader is too far behind, and "gone" when the run was deleted. Each carries the position to
 * resume at.
 * @param store queried only for readers that are behind the topic's newest changes
 * @param id of the run
 * @param options the run's topic, and the reader's position
 */
export function runFrames(
  store: RunStore,
  id: string,
  { topic, from }: { topic: RunTopic; from: ResumePoint },
): FrameSource {
  const at = { ...from };
  if (topic.series.end === undefined) topic.series.startAt(from.cursor);
  let seen = -1;
  let sentState = "", sentPanels = "[]"; // most runs have none
  let isOver = false;
  // undefined, so that the first is always sent: the page may show an older one
  let sentProblem: string | null | undefined;

  async function catchUpSeries(): Promise<Frame[] | null> {
    const known = topic.series.since(at.cursor);
    if (known) {
      return known.map(({ to, text }) => {
        at.cursor = to;
        return { event: "series", data: text };
      });
    }
    const columns = await store.readSeries(id, { after: at.cursor });
    if (columns.restarted || columns.imagesSeen.length > MAX_CATCH_UP) return null;
    at.cursor = columns.cursor;
    if (columns.imagesSeen.length === 0) return [];
    return [{ event: "series", data: JSON.stringify(seriesDelta(columns)) }];
  }

  async function catchUpLog(): Promise<Frame[]> {
    const known = topic.log.since(at.log);
    if (known) {
      return known.map(({ to, text }) => {
        at.log = to;
        return { event: "log", data: text };
      });
    }
    const { lines, next } = await store.readLog(id, { after: at.log });
    at.log = next;
    return lines.length === 0 ? [] : [{ event: "log", data: logDelta(lines, next) }];
  }

  return async (signal) => {
    if (isOver) return null;
    await topic.changed(seen, signal);
    if (signal.aborted) return null;
    seen = topic.version;
    if (topic.gone) {
      isOver = true;
      return [{ event: "gone", data: "" }];
    }
    const frames: Frame[] = [];
    if (topic.version > 0 && topic.problem !== sentProblem) {
      frames.push({ event: "problem", data: topic.problem ?? "" });
      sentProblem = topic.problem;
    }
    if (topic.state === "") return frames;
    const reset: Frame[] = [{ event: "reset", data: String(topic.sessions) }];
    if (at.sessions !== topic.sessions) {
      isOver = true;
      return reset;
    }
    if (topic.state !== sentState) frames.push({ event: "state", data: topic.state });
    sentState = topic.state;
    const samples = samplesSince(topic.samples, at.samples);
    if (samples.added.length > 0 || samples.keep !== (at.samples?.count ?? 0)) {
      frames.push({ event: "samples", data: JSON.stringify(samples) });
      at.samples = samplesPosition(topic.samples);
    }
    if (topic.panels !== sentPanels && topic.panels !== "") {
      frames.push({ event: "panels", data: topic.panels });
      sentPanels = topic.panels;
    }
    try {
      const series = await catchUpSeries();
      if (series === null) {
        isOver = true;
        return reset;
      }
      frames.push(...series, ...await catchUpLog());
    } catch (error) {
      frames.push({
        event: "problem",
        data: messageOf(error),
      });
    }
    const last = frames.at(-1);
    if (last) last.id = packResume(at);
    return frames;
  };
}
