/** The constant facts of a run: its configuration, phases, backend and data. */
import { defineHandlers, NotFound } from "../../../../define.ts";
import { runIdOf } from "../../../../run_id.ts";

export default defineHandlers({
  async GET(c, { store }) {
    const id = runIdOf(c);
    const details = await store.details(id);
    if (!details) throw new NotFound(`Cannot find run "${id}".`);
    return c.json(details);
  },
});
