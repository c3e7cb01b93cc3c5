/** A run's curves as packed columns, see live/wire.ts. */
import { defineHandlers } from "../../../../define.ts";
import { packSeries } from "../../../../live/wire.ts";
import { runIdOf } from "../../../../run_id.ts";

export default defineHandlers({
  async GET(c, { store }) {
    const after = c.req.query("after");
    const columns = await store.readSeries(runIdOf(c), after === undefined ? {} : { after });
    return new Response(packSeries(columns), {
      headers: {
        "content-type": "application/octet-stream",
        "x-restarted": columns.restarted ? "1" : "0",
      },
    });
  },
});
