/** A run's log lines after a position, at most 2,000 at once. */
import { defineHandlers } from "../../../../define.ts";
import { runIdOf } from "../../../../run_id.ts";

export default defineHandlers({
  async GET(c, { store }) {
    const after = Number(c.req.query("after") ?? 0);
    if (!Number.isSafeInteger(after) || after < 0) {
      return c.text("Cannot read the log: expected after to be a whole number.", 400);
    }
    return c.json(await store.readLog(runIdOf(c), { after, limit: 2000 }));
  },
});
