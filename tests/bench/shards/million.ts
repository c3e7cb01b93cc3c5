/**
 * Generates a million small pictures in shards, and measures how soon a run begins and how much
 * memory it takes. `deno run -A tests/bench/shards/million.ts [COUNT] [FOLDER]`; Linux.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readStats } from "../../../core/run/mod.ts";
import { numberOf, parseWords } from "../parse_flags.ts";
import { makeShards } from "./make_shards.ts";

const [pictures = "1000000", given] = parseWords(["COUNT", "FOLDER"]);
const count = numberOf("COUNT", pictures);
const folder = given ?? join(Deno.makeTempDirSync(), "shards");
const started = performance.now(),
  seconds = () => ((performance.now() - started) / 1000).toFixed(1);
const shards = await makeShards(folder, count);
console.log(`${count} pictures in ${shards.length} shards: ${seconds()} s`);

const place = await Deno.makeTempDir();
const child = new Deno.Command(Deno.execPath(), {
  args: [
    ...["run", "-A", "--no-check", fileURLToPath(new URL("../../../cli/main.ts", import.meta.url))],
    ...["train", "--plugin", "stylegan", "--data", `shards:${folder}`, "--runs", place],
    ...["--cache", join(place, "cache"), "--resolution", "8", "--sched", "4:16::0:1024"],
    ...["--images", "4096", "--threads", "1", "--stats-every", "256", "--channel-max", "16"],
    ...["--channel-base", "64", "--sample-every", "2048", "--checkpoint-every", "2048"],
  ],
  stdin: "null",
  stdout: "piped",
  stderr: "inherit",
}).spawn();
const from = performance.now(), elapsed = () => (performance.now() - from) / 1000;
let opened: number | undefined, first: number | undefined, peak = 0;
for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
  if (/images of /.test(text)) opened ??= elapsed();
  if (/images\/s/.test(text)) first ??= elapsed();
  peak = Math.max(peak, peakOf(child.pid));
  console.log(text.trimEnd());
}
const { success } = await child.status;
const waiting = await waitingOf(place);
await Deno.remove(place, { recursive: true });
console.log(JSON.stringify({
  pictures: count,
  seconds_to_open: opened,
  seconds_to_first_256_images: first,
  waiting_for_data: waiting,
  peak_resident_MiB: Math.round(peak),
  success,
}));

/** The peak resident memory of a process, MiB; 0 if it has ended. */
function peakOf(pid: number): number {
  try {
    const status = Deno.readTextFileSync(`/proc/${pid}/status`);
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** The share of a step's time spent waiting for data, for each interval. */
async function waitingOf(runs: string): Promise<number[]> {
  for await (const { name, isDirectory } of Deno.readDir(runs)) {
    if (!isDirectory || name === "cache") continue;
    return (await readStats(join(runs, name))).flatMap(({ values }) =>
      values["time/waiting_for_data"] ?? []
    );
  }
  return [];
}
