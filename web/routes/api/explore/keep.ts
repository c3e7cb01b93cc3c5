/** Saves the current slider settings as one direction with a name. */
import { parseKeepRequest } from "../../../../core/explore/protocol.ts";
import { defineHandlers } from "../../../define.ts";
import { parseModel } from "../../../explore/model.ts";

export default defineHandlers({
  async POST(c, { explorer, store }) {
    const body: Record<string, unknown> = await c.req.json(); // its fields are checked below
    const model = await parseModel(body, store), request = parseKeepRequest(body.request);
    return c.json({ name: await explorer.keep(model, request) });
  },
});
