/**
 * A run's curves as packed columns (see live/wire.ts): all of them, an overview of at most `most`
 * points, or those newer than the cursor `after`.
 */
import type { RunStore, SeriesColumns } from "../../../../../core/run/store/types.ts";
import { defineHandlers } from "../../../../define.ts";
import {
  createSeriesReader,
  type SeriesReader,
  thinSeries,
} from "../../../../live/series_overview.ts";
import { packSeries } from "../../../../live/wire.ts";
import { runIdOf } from "../../../../run_id.ts";

/** One reader per store, garbage-collected with it. */
const readers = new WeakMap<RunStore, SeriesReader>();

export default defineHandlers({
  async GET(c, { store }) {
    const id = runIdOf(c);
    const after = c.req.query("after");
    if (after !== undefined) {
      const newer = await store.readSeries(id, { after });
      return packed(newer, { "x-restarted": newer.restarted ? "1" : "0" });
    }
    const most = Number(c.req.query("most") ?? Infinity);
    if (!(most >= 1)) return c.text("Cannot read curves: expected most to be 1 or more.", 400);
    const reader = readers.get(store) ?? createSeriesReader(store);
    readers.set(store, reader);
    const whole = await reader.read(id);
    const columns = thinSeries(whole, most);
    return packed(columns, { "x-whole": columns === whole ? "1" : "0" });
  },
});

function packed(columns: SeriesColumns, headers: Record<string, string>): Response {
  return new Response(packSeries(columns), {
    headers: { "content-type": "application/octet-stream", ...headers },
  });
}
