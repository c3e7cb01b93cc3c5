/** `--dry-run`: the phases with measured speed, memory and time. */
import { availableMemory, probePhases } from "../../core/trainer/mod.ts";
import { expectBatches } from "../../core/run/session/expect_batches.ts";
import type { PreparedRun } from "../../core/run/session/prepare_run.ts";
import { trainingOptions } from "../../core/run/session/training_options.ts";
import { formatBytes, formatCount, formatDuration, formatValue } from "./format.ts";
import { createStatus } from "./status.ts";
import { formatTable } from "./table.ts";

/** Beyond this share of what there is, the checkpoints, previews and measurements of a long run may not fit. */
const ALMOST = 0.9;

/** Measures every phase shortly and prints the table. */
export async function printPlan(prepared: PreparedRun, json: boolean): Promise<void> {
  const { spec, dataset, backend } = prepared;
  expectBatches(spec.run, dataset.info);
  const status = createStatus(json);
  const roomBytes = availableMemory() + Deno.memoryUsage().rss;
  status.progress("Measuring each phase …");
  const probes = await probePhases({
    training: trainingOptions(prepared, dataset.info),
    async batch(resolution, batchSize) {
      const loader = dataset.open({ resolution, batchSize, cursor: 0, seed: spec.run.seed });
      try {
        return await loader.next();
      } finally {
        loader.close();
      }
    },
    onPhase: ({ phase }) => status.progress(`Measured ${phase.resolution} px, ${phase.kind}`),
  });
  status.done();
  const seconds = probes.reduce((sum, p) => sum + p.seconds, 0);
  if (json) {
    return console.log(
      JSON.stringify({ backend: backend.info, phases: probes, seconds, roomBytes }),
    );
  }
  const head = ["px", "phase", "images", "batch", "rate", "G", "D", "images/s", "memory", "time"];
  console.log(formatTable(
    head,
    probes.map(({ phase, parameters, imagesPerSecond, memoryBytes, seconds }) => [
      String(phase.resolution),
      phase.kind,
      formatCount(phase.end - phase.start),
      String(phase.batchSize),
      String(phase.learningRate),
      formatCount(parameters.generator),
      formatCount(parameters.discriminator),
      formatValue(imagesPerSecond),
      formatBytes(memoryBytes),
      formatDuration(seconds),
    ]),
    { right: [0, 2, 3, 4, 5, 6, 7, 8, 9] },
  ));
  const total = probes.at(-1)!.phase.end; // a schedule has a phase
  console.log(
    `\n${formatCount(total)} images in about ${
      formatDuration(seconds)
    } on ${backend.info.library}, ` +
      `${backend.info.precision}; ${dataset.info.count} ${dataset.info.kind} of ${dataset.info.name}`,
  );
  const most = probes.reduce((a, b) => b.memoryBytes > a.memoryBytes ? b : a);
  const needs = `${formatBytes(most.memoryBytes)} of memory at ${most.phase.resolution} px; ` +
    `this process may take ${formatBytes(roomBytes)}`;
  if (most.memoryBytes < ALMOST * roomBytes) return console.log(`At most ${needs}`);
  status.warn(`${needs}. Give large resolutions smaller batches (--sched), or free memory`);
}
