import assert from "node:assert/strict";
import { renderToString } from "preact-render-to-string";
import type { SeriesBuffer } from "../live/series_buffer.ts";
import { Workers } from "./workers.tsx";

Deno.test("a table tells each worker's rate, wait and lag, in the order of ranks", () => {
  const latest: Record<string, number> = {
    "loss/generator": 1,
    "worker_rate/10": 9.5,
    "worker_wait/10": 0.034,
    "worker_lag/10": 1,
    "worker_rate/2": 12.5,
    "worker_wait/2": 0.266,
    "worker_lag/2": 41.6,
  };
  const series = { names: Object.keys(latest), latest: (name: string) => latest[name] };
  const page = renderToString(<Workers series={series as unknown as SeriesBuffer} />); // all it reads
  const rows = [...page.matchAll(/<tr><th scope="row">(.*?)<\/tr>/g)].map(([, row]) =>
    row!.split(/<[^>]*>/).filter((cell) => cell !== "")
  );
  assert.deepEqual(rows, [["2", "12.5", "27 %", "42 ms"], ["10", "9.5", "3 %", "1 ms"]]);
});
