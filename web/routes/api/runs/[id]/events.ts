/** The live stream of a run. `Last-Event-ID`, or the query's `from`, says where to resume. */
import { defineHandlers } from "../../../../define.ts";
import { runFrames } from "../../../../live/run_frames.ts";
import { eventStream, MOST_STREAMS, tooManyStreams } from "../../../../live/sse.ts";
import { unpackResume } from "../../../../live/wire.ts";
import { runIdOf } from "../../../../run_id.ts";

export default defineHandlers({
  GET(c, { hub, store }) {
    const id = runIdOf(c);
    const from = unpackResume(c.req.header("last-event-id")) ?? unpackResume(c.req.query("from"));
    if (!from) return c.text("Cannot follow the run: no position to start from.", 400);
    if (hub.readers >= MOST_STREAMS) return tooManyStreams();
    const { topic, release } = hub.run(id);
    return eventStream(runFrames(store, id, { topic, from }), release);
  },
});
