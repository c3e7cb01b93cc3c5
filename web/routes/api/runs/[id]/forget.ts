/** Removes a run from the dashboard; its folder stays on disk. */
import { defineHandlers, NotFound } from "../../../../define.ts";
import { shownStatus } from "../../../../lib/status.ts";
import { runIdOf } from "../../../../run_id.ts";

export default defineHandlers({
  async POST(c, { store }) {
    const id = runIdOf(c);
    const head = await store.head(id);
    if (!head) throw new NotFound(`Cannot find run "${id}".`);
    if (shownStatus(head, Date.now()) === "running") {
      return c.text(`Cannot forget "${id}": it is training. Stop it first.`, 409);
    }
    await store.delete(id);
    return c.json({ forgotten: true });
  },
});
