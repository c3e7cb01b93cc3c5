/** Compares several one-thread workers with one process of as many threads, in turn. */
import { fileURLToPath } from "node:url";
import { cpuModel } from "../../../core/backend/cpu_model.ts";
import { freeAddresses } from "../../../core/workers/free_addresses.ts";
import { CASES } from "../versus/cases.ts";
import { type Side, type SideTimes, startSide } from "../versus/side.ts";
import { averageStep, joined, ratioQuartiles } from "../versus/summary.ts";
import type { StepCollectives, WorkerFacts, WorkerOrder } from "./worker_side.ts";

/** What to measure. */
export interface WorkersOptions {
  workers: number;
  /** px a side. */
  resolutions: readonly number[];
  /** Only cases whose name contains this; default: the first, which is the default model. */
  only?: string | undefined;
  rounds: number;
  /** Pairs of steps of each side per round. */
  steps: number;
  onProgress(message: string): void;
}

/** A row of the result. */
export interface WorkersRow {
  name: string;
  resolution: number; // px a side
  batch: number;
  workers: number;
  rounds: number;
  one_images_per_s: number;
  workers_images_per_s: number;
  /** Ratio of the speeds. */
  ratio: number;
  ratio_quartiles: [number, number];
  /**
   * Processor time of a pair of steps over all processes, which other programs hardly influence.
   */
  one_processor_ms: number;
  workers_processor_ms: number;
  /** Time of an average step's collectives alone, one after another; and its share of the step. */
  reduce_ms: number;
  reduce_share: number;
  collectives: { penalized: StepCollectives; plain: StepCollectives };
  processor: string;
  /** Load average of the last minute, at the start and the end. */
  load: [number, number];
}

/**
 * Measures case by case, with the preset's own batch divided among the workers (strong scaling),
 * and with one that is larger by the number of workers, so that each has the preset's number of
 * images (weak scaling).
 */
export async function runWorkers(options: WorkersOptions): Promise<WorkersRow[]> {
  const { only, resolutions } = options, wanted = only?.toLowerCase();
  const cases = CASES.filter(({ name }, i) =>
    wanted === undefined ? i === 0 : name.toLowerCase().includes(wanted)
  );
  const rows: WorkersRow[] = [];
  for (const { name } of cases) {
    for (const resolution of resolutions) {
      const own = await measure({ name, resolution }, options);
      const batch = own.batch * options.workers;
      rows.push(own, await measure({ name, resolution, batch }, options));
    }
  }
  return rows;
}

async function measure(
  what: Pick<WorkerOrder, "name" | "resolution" | "batch">,
  { workers, rounds, steps, onProgress }: WorkersOptions,
): Promise<WorkersRow> {
  const { name, resolution, batch } = what, load = [Deno.loadavg()[0]!];
  const title = `${name}, ${resolution} px${batch === undefined ? "" : `, batch ${batch}`}`;
  onProgress(`${title}: warming up`);
  const one = await start({ ...what, threads: workers });
  const addresses = freeAddresses(workers);
  const several = await Promise.all(
    addresses.map((_, rank) => start({ ...what, threads: 1, place: { addresses, rank } })),
  );
  try {
    // those of worker_side.ts
    const { every, batchSize, collectives } = several[0]!.facts as WorkerFacts;
    const times = { one: [] as SideTimes[], several: [] as SideTimes[] };
    const reducing: SideTimes[] = [];
    const used = { one: 0, several: 0 };
    for (let round = 0; round < rounds; round++) {
      for (const [key, sides] of [["one", [one]], ["several", several]] as const) {
        const before = processorSeconds(sides);
        const [first] = await Promise.all(sides.map((side) => side.run(steps)));
        times[key].push(first!); // there is at least one side
        used[key] += processorSeconds(sides) - before;
      }
      const reduces = { reduces: true };
      const [first] = await Promise.all(several.map((side) => side.run(steps, reduces)));
      reducing.push(first!);
      onProgress(`${title}: round ${round + 1} of ${rounds}`);
    }
    load.push(Deno.loadavg()[0]!);
    const step = (rounds: SideTimes[]) => averageStep(joined(rounds), every);
    const [alone, together, reduce] = [step(times.one), step(times.several), step(reducing)];
    const rounded = (x: number) => Number(x.toPrecision(4));
    return {
      ...{ name, resolution, batch: batchSize, workers, rounds },
      one_images_per_s: rounded(batchSize * 1000 / alone),
      workers_images_per_s: rounded(batchSize * 1000 / together),
      ratio: rounded(alone / together),
      // two quartiles
      ratio_quartiles: ratioQuartiles(times.several, times.one).map(rounded) as [number, number],
      one_processor_ms: rounded(used.one * 1000 / rounds / steps),
      workers_processor_ms: rounded(used.several * 1000 / rounds / steps),
      reduce_ms: rounded(reduce),
      reduce_share: rounded(reduce / together),
      collectives,
      processor: cpuModel(),
      load: load as [number, number], // one before, one after
    };
  } finally {
    await Promise.all([one, ...several].map((side) => side.close()));
  }
}

function start(order: WorkerOrder): Promise<Side> {
  const child = fileURLToPath(new URL("./worker_side.ts", import.meta.url));
  return startSide(Deno.execPath(), ["run", "-A", "--no-check", child, JSON.stringify(order)]);
}

function processorSeconds(sides: readonly Side[]): number {
  return sides.reduce((sum, side) => sum + side.processorSeconds(), 0);
}
