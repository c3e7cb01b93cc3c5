/** Asks the training process to write a checkpoint and stop. */
import { defineHandlers, NotFound } from "../../../../define.ts";
import { runIdOf } from "../../../../run_id.ts";

export default defineHandlers({
  async POST(c, { store }) {
    const id = runIdOf(c);
    const head = await store.head(id);
    if (!head) throw new NotFound(`Cannot find run "${id}".`);
    if (head.status !== "running") {
      return c.text(`Cannot stop "${id}": it isn't training, it is ${head.status}.`, 409);
    }
    await store.requestStop(id);
    return c.json({ stopRequested: true });
  },
});
