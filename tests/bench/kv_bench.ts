/** Benchmarks of run state in Deno KV. */
import {
  openRunStore,
  type RunDetails,
  type RunHead,
  type SeriesPoint,
} from "../../core/run/mod.ts";

const store = await openRunStore(":memory:");
const head: RunHead = {
  schema: 1,
  id: "00000-bench-noise",
  folder: "/nowhere",
  plugin: "bench",
  data: "noise",
  status: "running",
  pid: 0,
  phaseIndex: 0,
  resolution: 4,
  phaseKind: "stabilize",
  alpha: 1,
  imagesSeen: 0,
  imagesTotal: 1,
  imagesPerSecond: 0,
  etaSeconds: null,
  startedAt: 0,
  heartbeatAt: 0,
  endedAt: null,
  trainedSeconds: 0,
  seed: 0,
  latestSample: null,
  warnings: 0,
  error: null,
  sessions: 1,
};
// stored without being read
const details = { config: {}, phases: [], version: "0" } as unknown as RunDetails;
await store.create(head, details);
let imagesSeen = 0;
const point = (): SeriesPoint => ({
  imagesSeen: ++imagesSeen,
  time: imagesSeen,
  values: Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`value${i}`, imagesSeen * i])),
});

const group = "KV";
Deno.bench(
  "heartbeat",
  { group },
  async () => await store.update(head.id, { heartbeatAt: imagesSeen }),
);
Deno.bench(
  "append a point of 12 values",
  { group },
  async () => await store.appendSeries(head.id, [point()]),
);
Deno.bench(
  "append a log line",
  { group },
  async () =>
    await store.appendLog(head.id, [{ time: 1, imagesSeen, level: "info", message: "a line" }]),
);
Deno.bench("read the whole series", { group }, async () => {
  await store.readSeries(head.id);
});
