/** The list of all runs, once. */
import { defineHandlers } from "../../../define.ts";
import { createCardReader } from "../../../live/list_topic.ts";

export default defineHandlers({
  GET: async (c, { store }) => c.json(await createCardReader(store)()),
});
