/** A process that trains the cases, alone or as one of several; prints a JSON line for each. */
import { ownRows, selectBackend, type WorkerPlace } from "../../core/backend/mod.ts";
import { float32Values } from "../../core/checkpoint/mod.ts";
import { createWorkbench } from "../../core/testing/workbench.ts";
import type { HostBatch } from "../../core/data.ts";
import { openPhaseLoop } from "../../core/trainer/phase_loop.ts";
import { takeSnapshot } from "../../core/trainer/snapshot.ts";
import type { TrainingState } from "../../core/trainer/training_state.ts";
import { sameResultCases } from "./cases.ts";

/** What the process is told to do. */
export interface ChildOrder {
  /** Absent: it trains alone. */
  place?: WorkerPlace;
  threads: number;
  /** Shards of its part of a batch. */
  shards: number;
  cycles: number;
  vggWeights: string;
}

/** The result of one case. */
export interface ChildResult {
  name: string;
  /** After the first cycle: every weight, moment and average, by file and path. */
  first: Record<string, number[]>;
  /** After the last cycle: SHA-256 of everything in a checkpoint. */
  digest: string;
  /** States of plugins by name. */
  plugins: Record<string, Record<string, unknown>>;
}

async function valuesOf(training: TrainingState): Promise<ChildResult["first"]> {
  const { files } = await takeSnapshot(training, {});
  return Object.fromEntries(
    Object.entries(files).flatMap(([file, entries]) =>
      Object.entries(entries).filter(([, { dtype }]) => dtype === "F32")
        .map(([path, entry]) => [`${file} ${path}`, [...float32Values(entry)]])
    ),
  );
}

/** A batch as a worker's loader makes it, without the other workers' rows. */
function ownAlone(batch: HostBatch, place: WorkerPlace | undefined): HostBatch {
  if (!place) return batch;
  return Object.fromEntries(
    Object.entries(batch).map(([name, { data, shape }]) => {
      const [rows = 0] = shape, size = data.length / rows, [from, to] = ownRows(place, rows);
      const own = data.map((value, i) => i >= from * size && i < to * size ? value : 0);
      return [name, { data: own, shape }];
    }),
  );
}

if (import.meta.main) {
  const order = JSON.parse(Deno.args[0]!) as ChildOrder; // as passed by same_result_test.ts
  const { place, threads, shards, vggWeights, cycles } = order;
  const backend = await selectBackend({ name: "tensorflow", threads, shards, place });
  for (const { name, plugin, options } of sameResultCases(vggWeights)) {
    const bench = createWorkbench(plugin, options), training = bench.training(backend);
    const phase = bench.phases.find(({ kind }) => kind === "fade") ?? bench.phases[0]!;
    const { resolution, batchSize } = phase;
    bench.enter(training, phase);
    let batches = 0, first: ChildResult["first"] = {};
    const loop = openPhaseLoop(training, {
      next: () => Promise.resolve(ownAlone(bench.batch(resolution, batchSize, batches++), place)),
      waitedMilliseconds: 0,
      close() {},
    });
    for (let i = 0; i < cycles; i++) {
      training.driver.step((await loop.cycle()).values);
      if (i === 0) first = await valuesOf(training);
    }
    const { state } = await takeSnapshot(training, {});
    const all = new TextEncoder().encode(JSON.stringify([await valuesOf(training), state]));
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", all)).toHex();
    console.log(JSON.stringify({ name, first, digest, plugins: state.plugins }));
    await loop.close();
    training.dispose();
  }
  Deno.exit(0);
}
