/** A run's curves as packed columns, see live/wire.ts; `most` asks for an overview of so many points. */
import type { RunStore } from "../../../../../core/runs/types.ts";
import { defineHandlers } from "../../../../define.ts";
import {
  createSeriesReader,
  type SeriesReader,
  thinSeries,
} from "../../../../live/series_overview.ts";
import { packSeries } from "../../../../live/wire.ts";
import { runIdOf } from "../../../../run_id.ts";

/** One reader a store; it goes with the store. */
const readers = new WeakMap<RunStore, SeriesReader>();

export default defineHandlers({
  async GET(c, { store }) {
    const id = runIdOf(c);
    const most = Number(c.req.query("most") ?? Infinity);
    if (!(most >= 1)) return c.text("Cannot read curves: expected most to be 1 or more.", 400);
    const reader = readers.get(store) ?? createSeriesReader(store);
    readers.set(store, reader);
    const whole = await reader.read(id);
    const columns = thinSeries(whole, most);
    return new Response(packSeries(columns), {
      headers: {
        "content-type": "application/octet-stream",
        "x-whole": columns === whole ? "1" : "0",
      },
    });
  },
});
