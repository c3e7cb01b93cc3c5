/**
 * One of the processes that train together, or the one that trains alone. It prints facts on the
 * first line, then runs pairs of steps on request, the first with the lazy penalty and the second
 * without it, or only the collectives of such steps.
 *
 * > {"steps": 4} < {"milliseconds": […], "penalized": […]} > {"steps": 4, "reduces": true}
 */
import process from "node:process";
import { createInterface } from "node:readline";
import { selectBackend, type WorkerPlace } from "../../../core/backend/mod.ts";
import { NETWORKS } from "../../../core/trainer/mod.ts";
import { CASES } from "../versus/cases.ts";
import type { SideFacts, SideTimes } from "../versus/side.ts";
import { type BenchStep, createBenchStep } from "../versus/step.ts";
import { createReduceChain, type ReduceChain } from "./reduce_chain.ts";

/** What the process is told to do. */
export interface WorkerOrder {
  /** Name of a case. */
  name: string;
  resolution: number; // px a side
  /** Absent: the preset's own at the resolution. */
  batch?: number | undefined;
  threads: number;
  /** Absent: it trains alone. */
  place?: WorkerPlace;
}

/** What the process reports about itself. */
export interface WorkerFacts extends SideFacts {
  batchSize: number;
  every: number;
  /** Collectives of a step of both networks, with the lazy penalty and without it. */
  collectives: { penalized: StepCollectives; plain: StepCollectives };
}

/** What a step of both networks sends to other workers. */
export type StepCollectives = ReturnType<typeof collectivesAt>;

/** Collectives of the functions that a step runs; functions with lazy terms have longer names. */
function collectivesAt({ recordings }: BenchStep, penalized: boolean) {
  const all = NETWORKS.flatMap((network) => {
    const named = Object.entries(recordings).filter(([name]) => name.startsWith(`${network}:`))
      .sort(([a], [b]) => a.length - b.length);
    const found = named.at(penalized ? -1 : 0)?.[1].collectives;
    return found ? [found] : [];
  });
  return {
    count: all.reduce((sum, { count }) => sum + count, 0),
    bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

if (import.meta.main) {
  const order = JSON.parse(Deno.args[0]!) as WorkerOrder; // as passed by run_workers.ts
  const { name, resolution, batch, threads, place } = order;
  const found = CASES.find((one) => one.name === name);
  if (!found) throw new RangeError(`Cannot measure "${name}": expected the name of a case`);
  const backend = await selectBackend({ name: "tensorflow", threads, shards: "auto", place });
  const { plugin } = found;
  const sched = batch === undefined ? {} : { sched: [`${resolution}:${batch}`] };
  const values = { ...found.values, ...sched };
  const step = await createBenchStep({ plugin, values, resolution, backend });
  const { parameters, batchSize, every, training: { counters } } = step;
  const kinds = every > 1 ? [true, false] : [true];
  const at = (penalized: boolean) => {
    counters.discriminator = counters.generator = penalized ? 0 : 1;
    return step.run();
  };
  for (const penalized of kinds) await at(penalized); // records
  const collectives = {
    penalized: collectivesAt(step, true),
    plain: collectivesAt(step, false),
  };
  const chains = new Map<boolean, ReduceChain>();
  for (const kind of place ? kinds : []) {
    const chain = await createReduceChain(backend, collectives[kind ? "penalized" : "plain"]);
    chains.set(kind, chain);
  }
  const { library } = backend.info;
  const facts: WorkerFacts = { library, parameters, batchSize, every, collectives };
  console.log(JSON.stringify(facts));
  for await (const line of createInterface({ input: process.stdin })) {
    // in the format of run_workers.ts
    const { steps, reduces } = JSON.parse(line) as { steps: number; reduces?: boolean };
    const times: SideTimes = { milliseconds: [], penalized: [] };
    for (let i = 0; i < steps; i++) {
      for (const kind of kinds) {
        times.milliseconds.push(
          // one for each kind
          reduces ? await chains.get(kind)!.run() : (await at(kind)).milliseconds,
        );
        times.penalized.push(kind);
      }
    }
    console.log(JSON.stringify(times));
  }
  Deno.exit(0);
}
