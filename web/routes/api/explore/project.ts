/** Projects a user's picture into w. Streams lines with the progress, then the result. */
import { parseProjectRequest } from "../../../../core/explore/protocol.ts";
import { messageOf } from "../../../../core/text.ts";
import { defineHandlers } from "../../../define.ts";
import { parseModel } from "../../../explore/model.ts";
import type { ProjectLine } from "../../../explore/project_line.ts";

export default defineHandlers({
  async POST(c, { explorer, store }) {
    const body: Record<string, unknown> = await c.req.json(); // its fields are checked below
    const model = await parseModel(body, store), request = parseProjectRequest(body.request);
    const encoder = new TextEncoder();
    let isGone = false; // the search continues without the page, and its result is saved
    const lines = new ReadableStream<Uint8Array>({
      async start(controller) {
        const write = (line: ProjectLine) =>
          isGone || controller.enqueue(encoder.encode(JSON.stringify(line) + "\n"));
        try {
          const name = await explorer.project(
            model,
            request,
            (what, fraction) => write({ what, fraction }),
          );
          write({ name });
        } catch (error) {
          write({ problem: messageOf(error) });
        }
        if (!isGone) controller.close();
      },
      cancel() {
        isGone = true;
      },
    });
    return new Response(lines, { headers: { "content-type": "application/x-ndjson" } });
  },
});
