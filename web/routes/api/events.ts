/** The live list of runs: a "list" event whenever any card has changed. */
import { defineHandlers } from "../../define.ts";
import { eventStream, MOST_STREAMS, tooManyStreams } from "../../live/sse.ts";

export default defineHandlers({
  GET(_c, { hub }) {
    if (hub.readers >= MOST_STREAMS) return tooManyStreams();
    const { topic, release } = hub.list();
    let seen = -1;
    let problem: string | null = null;
    return eventStream(async (signal) => {
      await topic.changed(seen, signal);
      if (signal.aborted) return null;
      seen = topic.version;
      const frames = topic.text === "" ? [] : [{ event: "list", data: topic.text }];
      if (topic.problem !== problem) {
        problem = topic.problem;
        frames.push({ event: "problem", data: problem ?? "" });
      }
      return frames;
    }, release);
  },
});
