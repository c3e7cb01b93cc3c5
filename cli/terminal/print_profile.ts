/** `--profile`: a Chrome trace of a step, and its slowest operations. */
import type { Backend } from "../../core/backend/mod.ts";
import type { Dataset } from "../../core/data.ts";
import type { RunPlugins } from "../../core/plugin/mod.ts";
import type { Phase } from "../../core/schedule.ts";
import {
  chromeTrace,
  createTrainingState,
  profileSteps,
  slowestOps,
  type StepProfile,
} from "../../core/trainer/mod.ts";
import type { RunSpec } from "../../core/run/run_spec.ts";
import { trainingOptions } from "../../core/run/session.ts";
import { formatValue } from "./format.ts";
import { createStatus } from "./status.ts";
import { formatTable } from "./table.ts";

/** What is profiled, and where the trace goes. */
export interface ProfileOptions {
  spec: RunSpec;
  loaded: RunPlugins;
  dataset: Dataset;
  backend: Backend;
  /** Path of the trace. */
  file: string;
  json: boolean;
}

/** Rows of the table. */
const SLOWEST = 12;

/** Profiles the steps of the last resolution, writes the trace and prints what takes longest. */
export async function printProfile(options: ProfileOptions): Promise<void> {
  const { spec, loaded, dataset, backend, file, json } = options;
  const status = createStatus(json);
  status.progress("Profiling …");
  const sessions = trainingOptions(spec, loaded, dataset.info, backend);
  const phase = lastPhase(sessions);
  const { resolution, batchSize } = phase;
  const loader = dataset.open({ resolution, batchSize, cursor: 0, seed: spec.run.seed });
  const batch = await loader.next().finally(() => loader.close());
  const profiles = await profileSteps(sessions, phase, batch);
  const { library, precision, threads } = backend.info;
  const trace = chromeTrace(profiles, {
    plugins: spec.plugins.map(({ name }) => name).join(", "),
    step: `${resolution} px, batch ${batchSize}`,
    machine: `${library}, ${threads} threads, replays in ${precision}`,
  });
  await Deno.writeTextFile(file, JSON.stringify(trace));
  status.done();
  const sums = profiles.map(summaryOf);
  if (json) return console.log(JSON.stringify({ file, resolution, batchSize, steps: sums }));
  for (const { name, replayMilliseconds, opsMilliseconds, ops, slowest } of sums) {
    console.log(
      `${name} at ${resolution} px, batch ${batchSize}: a replay takes ${
        formatValue(replayMilliseconds)
      } ms; its ${ops} ops one by one ${formatValue(opsMilliseconds)} ms, of these`,
    );
    console.log(
      formatTable(
        ["op", "shapes", "count", "ms"],
        slowest.map(({ op, shapes, count, milliseconds }) => [
          op,
          shapes,
          String(count),
          formatValue(milliseconds),
        ]),
        { right: [2, 3] },
      ) + "\n",
    );
  }
  console.log(`Trace: ${file}; open it in chrome://tracing or ui.perfetto.dev`);
}

function lastPhase(options: Parameters<typeof createTrainingState>[0]): Phase {
  const training = createTrainingState(options);
  const phase = training.phases.at(-1)!; // a schedule has a phase
  training.dispose();
  return phase;
}

/** @returns figures of one kind of step, in milliseconds; replays by their median */
function summaryOf({ name, ops, replays }: StepProfile) {
  const times = replays.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  return {
    name,
    replayMilliseconds: times[times.length >> 1]!, // there are replays
    opsMilliseconds: ops.reduce((sum, { milliseconds }) => sum + milliseconds, 0),
    ops: ops.length,
    slowest: slowestOps(ops).slice(0, SLOWEST),
  };
}
