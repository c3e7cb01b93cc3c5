/**
 * Measures how long a run of 100,000 points takes until its page shows curves, stage by stage and
 * in Chromium, and how long the page then takes to follow the pointer, smoothing and zoom:
 *
 * deno run -A tests/bench/curves_bench.ts [--page]
 */
import { join } from "node:path";
import { bucket } from "../../web/charts/bucket.ts";
import { positions, restartsOf } from "../../web/charts/axis.ts";
import { smooth } from "../../web/charts/smooth.ts";
import { SeriesBuffer } from "../../web/live/series_buffer.ts";
import { packSeries, unpackSeries } from "../../web/live/wire.ts";
import { openRunStore } from "../../core/run/store/open_store.ts";
import { fakePhases, fakeRun } from "../../web/testing/fake_runs.ts";
import { startServer } from "../../web/main.ts";
import { openBrowser } from "../browser/chromium.ts";
import { CHANGES } from "./curve_changes.ts";
import { parseFlags } from "./parse_flags.ts";

const { values: flags } = parseFlags({ options: { page: { type: "boolean" } } });

const POINTS = 100_000;
const id = "00001-stylegan-long";

/** Median time of `repeats` calls, ms, and the last result. */
async function time<T>(name: string, repeats: number, work: () => T | Promise<T>): Promise<T> {
  const taken: number[] = [];
  let answer: T;
  for (let i = 0; i < repeats; i++) {
    const began = performance.now();
    answer = await work();
    taken.push(performance.now() - began);
  }
  const median = taken.sort((a, b) => a - b)[repeats >> 1]!; // repeats is at least 1
  console.log(`${name.padEnd(44)} ${median.toFixed(1).padStart(8)} ms`);
  return answer!; // repeats is at least 1
}

const folder = await Deno.makeTempDir({ prefix: "cambium-bench-" });
try {
  const store = await openRunStore(join(folder, "cambium.kv"));
  await fakeRun(store, folder, { id, points: POINTS, grid: 2, snapshots: 8, status: "finished" });
  console.log(`load ${Deno.loadavg()[0]!.toFixed(1)}, ${POINTS} points`);
  const columns = await time("server: read from KV", 5, () => store.readSeries(id));
  const packed = await time("server: pack", 5, () => packSeries(columns));
  console.log(`${"bytes sent".padEnd(44)} ${packed.length.toString().padStart(8)}`);
  const series = await time("page: unpack and take", 5, () => {
    const buffer = new SeriesBuffer();
    buffer.append(unpackSeries(packed.slice().buffer));
    return buffer;
  });
  const phases = fakePhases(64, 40_000);
  const x = await time("page: positions", 5, () => positions("images", series, phases));
  const restarts = restartsOf(phases, series.imagesSeen);
  const lines = await time(
    `page: smooth ${series.names.length} series`,
    5,
    () =>
      series.names.map((name) => {
        const raw = series.column(name);
        return { raw, smooth: smooth(raw, 0.9, restarts) };
      }),
  );
  await time(
    "page: bucket all into 300",
    5,
    () =>
      lines.map((line) => bucket(x, [line], { from: x[0]!, to: x[x.length - 1]!, buckets: 300 })),
  );
  if (flags.page) await timePage(folder, store);
  store.close();
} finally {
  await Deno.remove(folder, { recursive: true });
}

/** Time from navigation to the first curve, in Chromium. */
async function timePage(
  runsDir: string,
  store: Awaited<ReturnType<typeof openRunStore>>,
): Promise<void> {
  const server = await startServer({ store, runsDir, host: "127.0.0.1", port: 0 });
  const browser = await openBrowser();
  const first: number[] = [];
  const whole: number[] = [];
  let changes: Record<string, number[]> = {};
  try {
    for (let i = 0; i < 6; i++) {
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
      await page.goto(new URL(`runs/${id}#curves`, server.url).href, { waitUntil: "commit" });
      const marks = 'performance.getEntriesByName("curves")'; // see web/charts/chart.tsx
      while (!await page.evaluate<boolean>(`${marks}.some((m) => m.detail >= ${POINTS})`)) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const shown = await page.evaluate<number[]>(`${marks}.map((m) => m.startTime)`);
      if (i > 0) { // the first warms up the browser and the server
        first.push(shown[0]!);
        whole.push(shown.at(-1)!); // there is at least one
      }
      if (i === 5) changes = await page.evaluate<typeof changes>(CHANGES);
      await page.close();
    }
  } finally {
    await browser.close();
    await server.close();
  }
  for (const [name, all] of Object.entries(changes)) {
    const [middle, most] = [0.5, 0.95].map((part) =>
      all[Math.floor(part * all.length)]!.toFixed(0)
    );
    console.log(`page: ${name}: median ${middle} ms, 95 of 100 within ${most} ms`);
  }
  for (const [name, taken] of Object.entries({ first, whole })) {
    const all = taken.map((ms) => ms.toFixed(0)).join(", ");
    const median = taken.sort((a, b) => a - b)[taken.length >> 1]!;
    console.log(
      `page: from navigation to ${name} curves ${all} ms, median ${median.toFixed(0)}, load ${
        Deno.loadavg()[0]!.toFixed(1)
      }`,
    );
  }
}
