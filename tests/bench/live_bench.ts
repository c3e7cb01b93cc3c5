/**
 * Measures what an open dashboard costs, and how soon a page shows what training wrote:
 *
 * deno run -A tests/bench/live_bench.ts [--writes 40] [--tabs 50] [--seconds 15] [--blocks 6]
 *
 * Latency: this process writes to Deno KV, the dashboard runs in a separate process, and Chromium
 * shows the page. Tabs: a real training runs while readers that behave like open tabs (page,
 * curves, stream) come and go. CPU time and memory are read from /proc, so this part needs Linux.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openRunStore } from "../../core/run/store/open_store.ts";
import { fakePhases, fakePoint } from "../../web/testing/fake_runs.ts";
import { FRESH, RUNS, setStage, startWeb } from "../browser/stage.ts";
import { openTab } from "./open_tab.ts";
import { numberOf, parseFlags } from "./parse_flags.ts";
import { withPictures } from "./pictures.ts";

const { values: flags } = parseFlags({
  options: {
    writes: { type: "string", default: "40" },
    tabs: { type: "string", default: "50" },
    seconds: { type: "string", default: "15" },
    blocks: { type: "string", default: "6" },
  },
});
const writes = numberOf("--writes", flags.writes), tabs = numberOf("--tabs", flags.tabs);
const length = numberOf("--seconds", flags.seconds), blocks = numberOf("--blocks", flags.blocks);
const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const median = (all: readonly number[]) => [...all].sort((a, b) => a - b)[all.length >> 1] ?? NaN;
const load = () => `load ${Deno.loadavg()[0]!.toFixed(1)}`;

await timeWrites(writes);
await withPictures(64, 16, (pictures, cache) => countTabs(pictures, cache, tabs));
Deno.exit(0); // does not wait for readers' connections

/** Time from writing the head and a point of the curves until the frame that shows both, ms. */
async function timeWrites(writes: number): Promise<void> {
  await using stage = await setStage();
  const store = await openRunStore(join(stage.runsDir, "cambium.kv"));
  const page = await stage.open(`/runs/${RUNS.live}#curves`);
  await page.waitForSelector(".plot canvas");
  // The time of the frame after the one in which the number changed, because it has been painted by
  // then.
  await page.evaluate(`
    window.shown = {};
    const tile = document.querySelector('[data-testid="images"]');
    new MutationObserver(() => requestAnimationFrame(() => setTimeout(() => {
      window.shown[tile.textContent.replaceAll(",", "")] ??= Date.now();
    }))).observe(tile, { characterData: true, childList: true, subtree: true });`);
  const phases = fakePhases(16, 1000), taken: number[] = [];
  for (let i = 0; i < writes; i++) {
    const imagesSeen = 3500 + i;
    await wait(400 + 613 * i % 500); // at varying moments of the poll interval
    const began = Date.now();
    await store.appendSeries(RUNS.live, [fakePoint(phases, imagesSeen, began)]);
    await store.update(RUNS.live, { imagesSeen, heartbeatAt: FRESH });
    let shown: number | undefined;
    while (!(shown = await page.evaluate<number | undefined>(`window.shown[${imagesSeen}]`))) {
      await wait(30);
    }
    taken.push(shown - began);
  }
  store.close();
  taken.sort((a, b) => a - b);
  console.log(
    `write to pixel: ${writes} writes, median ${median(taken)} ms, 9 of 10 within ${
      taken[Math.floor(0.9 * writes)]
    } ms, ${load()}`,
  );
}

/** Trains with and without tabs in turn. */
async function countTabs(pictures: string, cache: string, tabs: number): Promise<void> {
  const runs = await Deno.makeTempDir({ prefix: "cambium-bench-runs-" });
  const training = startTraining(runs, pictures, cache);
  const kv = join(runs, "cambium.kv");
  const { server, url } = await startWeb(runs, kv);
  const store = await openRunStore(kv);
  try {
    let id: string | undefined;
    while (!(id = (await store.ids())[0])) await wait(200);
    const seen = async () => (await store.head(id))!.imagesSeen;
    while (await seen() < 2000) await wait(200); // everything is recorded, and at full speed
    const results: Record<"without" | "with", { rate: number; cpu: number }[]> = {
      without: [],
      with: [],
    };
    let served = 0;
    for (let block = 0; block < blocks; block++) {
      const mode = block % 2 ? "with" : "without";
      const readers = mode === "with"
        ? await Promise.all(Array.from({ length: tabs }, () => openTab(url, id)))
        : [];
      await wait(2000);
      const before = {
        images: await seen(),
        cpu: cpuSeconds(training.pid),
        at: performance.now(),
        web: cpuSeconds(server.pid),
      };
      await wait(1000 * length);
      const images = await seen() - before.images, seconds = (performance.now() - before.at) / 1000;
      const cpu = cpuSeconds(training.pid) - before.cpu;
      results[mode].push({ rate: images / seconds, cpu: 1e6 * cpu / images });
      const bytes = readers.reduce((sum, reader) => sum + reader.bytes(), 0);
      if (mode === "with") served = bytes;
      console.log(
        `${mode.padEnd(8)} ${(images / seconds).toFixed(0).padStart(6)} images/s, ${
          (1e6 * cpu / images).toFixed(0)
        } µs of CPU an image; server ${
          (100 * (cpuSeconds(server.pid) - before.web) / seconds).toFixed(0)
        } % of a core, ${memory(server.pid, "VmRSS")} MB; ${load()}`,
      );
      for (const reader of readers) reader.close();
    }
    for (const [mode, all] of Object.entries(results)) {
      console.log(
        `${mode.padEnd(8)} median ${median(all.map((r) => r.rate)).toFixed(0)} images/s, ${
          median(all.map((r) => r.cpu)).toFixed(0)
        } µs of CPU an image`,
      );
    }
    console.log(
      `${tabs} tabs were sent ${(served / 1e6).toFixed(1)} MB in a block; the server held at most ${
        memory(server.pid, "VmHWM")
      } MB`,
    );
  } finally {
    store.close();
    for (const process of [server, training]) process.kill("SIGTERM");
    await training.status;
    await Deno.remove(runs, { recursive: true });
  }
}

function startTraining(runs: string, data: string, cache: string): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "--no-check", "cli/main.ts", "train", "--plugin", "stylegan"],
      ...["--runs", runs, "--data", data, "--cache", cache, "--resolution", "8"],
      ...["--sched", "4:16:::10000k,8:16::1k:1k", "--threads", "1", "--stats-every", "100"],
      ...["--sample-every", "5000", "--checkpoint-every", "1000000"],
    ],
    cwd: fileURLToPath(new URL("../../", import.meta.url)),
    stdout: "null",
    stderr: "null",
  }).spawn();
}

/** User and system time of a process so far; the kernel counts in hundredths of a second. */
function cpuSeconds(pid: number): number {
  const text = Deno.readTextFileSync(`/proc/${pid}/stat`);
  // after the name, which may contain spaces
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** A line of /proc/PID/status in MB. */
function memory(pid: number, name: "VmRSS" | "VmHWM"): number {
  const text = Deno.readTextFileSync(`/proc/${pid}/status`);
  return Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(text)?.[1] ?? NaN) / 1024);
}
