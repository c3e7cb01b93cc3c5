/** `--profile`: writes a Chrome trace of a step, and lists its slowest operations. */
import { print, printJson } from "./print.ts";
import type { Phase } from "../../core/schedule.ts";
import {
  chromeTrace,
  profileSteps,
  slowestOps,
  type StepProfile,
} from "../../core/rehearsal/mod.ts";
import { createTrainingState } from "../../core/trainer/mod.ts";
import type { PreparedRun } from "../../core/run/session/prepare_run.ts";
import { trainingOptions } from "../../core/run/session/training_options.ts";
import { writeWhole } from "../../core/write_whole.ts";
import { counted } from "../../core/text.ts";
import { formatValue } from "./format.ts";
import { createStatus } from "./status.ts";
import { formatTable } from "./table.ts";

const SLOWEST = 12;

/**
 * Profiles the steps of the last resolution, writes the trace and prints the slowest operations.
 * @param file path of the trace
 */
export async function printProfile(
  prepared: PreparedRun,
  file: string,
  json: boolean,
): Promise<void> {
  const { spec, dataset, backend } = prepared;
  const status = createStatus(json);
  status.progress("Profiling …");
  const training = trainingOptions(prepared, dataset.info);
  const phase = lastPhase(training);
  const { resolution, batchSize } = phase;
  const loader = dataset.open({ resolution, batchSize, cursor: 0, seed: spec.run.seed });
  const batch = await loader.next().finally(() => loader.close());
  const profiles = await profileSteps(training, phase, batch);
  const { library, precision, threads } = backend.info;
  const trace = chromeTrace(profiles, {
    plugins: spec.plugins.map(({ name }) => name).join(", "),
    step: `${resolution} px, batch ${batchSize}`,
    machine: `${library}, ${counted(threads, "thread")}, replays in ${precision}`,
  });
  await writeWhole(file, new TextEncoder().encode(JSON.stringify(trace)));
  status.done();
  const sums = profiles.map(summaryOf);
  if (json) return printJson({ file, resolution, batchSize, steps: sums });
  for (const { name, replayMilliseconds, opsMilliseconds, ops, slowest } of sums) {
    print(
      `${name} at ${resolution} px, batch ${batchSize}: a replay takes ${
        formatValue(replayMilliseconds)
      } ms; its ${ops} ops one by one ${formatValue(opsMilliseconds)} ms, of these`,
    );
    print(
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
  print(`Trace: ${file}; open it in chrome://tracing or ui.perfetto.dev`);
}

function lastPhase(options: Parameters<typeof createTrainingState>[0]): Phase {
  const training = createTrainingState(options);
  const phase = training.phases.at(-1)!; // a schedule has at least one phase
  training.dispose();
  return phase;
}

/** @returns a summary of one kind of step, in milliseconds; replays by their median */
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
