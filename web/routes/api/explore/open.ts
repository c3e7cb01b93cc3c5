/** Loads a checkpoint in the generating process and returns what it can do. */
import { defineHandlers } from "../../../define.ts";
import { parseModel } from "../../../explore/model.ts";

export default defineHandlers({
  async POST(c, { explorer, store }) {
    const { run, imagesSeen } = await parseModel(await c.req.json(), store);
    const model = await explorer.open(run, imagesSeen);
    return c.json({ model, backend: await explorer.backend() });
  },
});
