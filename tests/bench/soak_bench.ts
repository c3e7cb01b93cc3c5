/**
 * Simulates a day of a run in minutes, with tabs open on its page:
 *
 * deno run -A tests/bench/soak_bench.ts [--hours 24] [--tabs 3] [--hour-seconds 10] [--keep-samples
 * 400]
 *
 * It writes the records of a day's training (heads, points of the curves, grids, checkpoints, log
 * lines): a point with a heartbeat every 5 s, a grid every 10 s, a checkpoint every 10 min. Each
 * tab reads what the page reads and stays on its stream. The server's memory is read from /proc, so
 * this needs Linux.
 */
import { join } from "node:path";
import { openRunStore } from "../../core/run/mod.ts";
import { samplePath } from "../../core/run/folder/sample_path.ts";
import { surplusSamples } from "../../core/run/folder/thin_samples.ts";
import type { SampleEntry } from "../../core/run/store/types.ts";
import { fakeGrid } from "../../web/testing/fake_pictures.ts";
import { fakePhases, fakePoint, fakeRun } from "../../web/testing/fake_runs.ts";
import { startWeb } from "../browser/stage.ts";
import { openTab } from "./open_tab.ts";
import { numberOf, parseFlags } from "./parse_flags.ts";

const { values: flags } = parseFlags({
  options: {
    hours: { type: "string", default: "24" },
    tabs: { type: "string", default: "3" },
    "hour-seconds": { type: "string", default: "10" },
    "keep-samples": { type: "string", default: "400" },
  },
});
const POINT = 5, GRID = 10, CHECKPOINT = 600; // seconds of simulated time
const IMAGES_PER_SECOND = 60, ID = "00000-stylegan-soak";
const keep = numberOf("--keep-samples", flags["keep-samples"]),
  hours = numberOf("--hours", flags.hours),
  wall = numberOf("--hour-seconds", flags["hour-seconds"]),
  count = numberOf("--tabs", flags.tabs);

const runs = await Deno.makeTempDir({ prefix: "cambium-bench-soak-" }),
  kv = join(runs, "cambium.kv");
const store = await openRunStore(kv);
const total = hours * 3600 * IMAGES_PER_SECOND, phases = fakePhases(64, total / 9);
await fakeRun(store, runs, {
  ...{ id: ID, points: 1, grid: 0, resolution: 64, phaseImages: total / 9, progress: 0 },
  startedAt: Date.now(),
});
const picture = await fakeGrid({ columns: 8, rows: 4, resolution: 16, quality: 0.7, firstSeed: 0 });
const { server, url } = await startWeb(runs, kv);
const tabs = await Promise.all(Array.from({ length: count }, () => openTab(url, ID)));
const usedBy = (file: string) => Deno.stat(file).then((s) => s.size, () => 0);
console.log(
  "| hour | points | grids | server, MB | KV, MB | grids, MB | sent to a tab in that hour, MB |",
);
console.log("|--:|--:|--:|--:|--:|--:|--:|");
let sentBefore = 0, points = 0, paths: string[] = [];
await report(0);
for (let hour = 1; hour <= hours; hour++) {
  const began = performance.now();
  for (let second = (hour - 1) * 3600 + POINT; second <= hour * 3600; second += POINT) {
    const imagesSeen = second * IMAGES_PER_SECOND, time = Date.now();
    await store.appendSeries(ID, [fakePoint(phases, imagesSeen, time)]);
    points++;
    if (second % GRID === 0) await addGrid(imagesSeen, time);
    if (second % CHECKPOINT === 0) {
      const path = `checkpoints/${imagesSeen}`, digest = "0".repeat(64);
      await store.addCheckpoint(ID, { imagesSeen, path, bytes: 4e7, digest, time });
      for (const old of (await store.checkpoints(ID)).slice(0, -2)) {
        await store.removeCheckpoint(ID, old.imagesSeen);
      }
      const message = `Checkpoint written at ${imagesSeen} images`;
      await store.appendLog(ID, [{ time, imagesSeen, level: "info", message }]);
    }
    await store.update(ID, { imagesSeen, heartbeatAt: time });
    const due = began + 1000 * wall * (second - (hour - 1) * 3600) / 3600 - performance.now();
    if (due > 5) await new Promise((resolve) => setTimeout(resolve, due));
  }
  if ([1, 2, 4, 8, 12, 16, 20].includes(hour) || hour === hours) await report(hour);
  else sentBefore = tabs[0]!.bytes();
}
for (const tab of tabs) tab.close();
server.kill("SIGTERM");
await server.status;
store.close();
await Deno.remove(runs, { recursive: true });
Deno.exit(0); // does not wait for readers' connections

async function addGrid(imagesSeen: number, time: number): Promise<void> {
  const path = samplePath({ imagesSeen, resolution: 16, phaseKind: "stabilize" });
  await Deno.writeFile(join(runs, ID, path), picture);
  paths = [...paths, path];
  const entry: SampleEntry = {
    ...{ imagesSeen, path, time, resolution: 16, phaseKind: "stabilize", alpha: 1, cell: 16 },
    ...{ columns: 8, rows: 4, weights: "ema" },
  };
  await store.addSample(ID, entry);
  const surplus = surplusSamples(paths, keep), going = new Set(surplus);
  if (surplus.length > 0) await store.removeSamples(ID, surplus);
  for (const old of surplus) await Deno.remove(join(runs, ID, old));
  paths = paths.filter((one) => !going.has(one));
  await store.update(ID, { latestSample: path });
}

async function report(hour: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1000)); // the newest records are sent
  const status = await Deno.readTextFile(`/proc/${server.pid}/status`);
  const resident = Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1024;
  const stored = (await Promise.all(["", "-wal", "-shm"].map((end) => usedBy(kv + end)))).reduce((
    a,
    b,
  ) => a + b);
  const sent = tabs[0]!.bytes();
  const cells = [
    resident,
    stored / 1e6,
    paths.length * picture.length / 1e6,
    (sent - sentBefore) / 1e6,
  ].map((n) => n.toFixed(1));
  console.log(`| ${[hour, points, paths.length, ...cells].join(" | ")} |`);
  sentBefore = sent;
}
