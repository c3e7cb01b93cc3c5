/** `--dry-run`: prints the phases with measured speed, memory and time. */
import { print, printJson } from "./print.ts";
import { availableMemory } from "../../core/backend/memory.ts";
import { probePhases } from "../../core/rehearsal/mod.ts";
import type { RunFolder } from "../../core/run/mod.ts";
import { loadCheckpointIfAny } from "../../core/run/load_checkpoint.ts";
import { pastOf, phasesOn } from "../../core/run/session/continue_run.ts";
import { expectBatches } from "../../core/run/session/expect_batches.ts";
import { firstBatch } from "../../core/run/session/first_batch.ts";
import { planRun } from "../../core/run/session/plan_run.ts";
import type { PreparedRun } from "../../core/run/session/prepare_run.ts";
import { trainingOptions } from "../../core/run/session/training_options.ts";
import { formatBytes, formatCount, formatDuration, formatValue } from "./format.ts";
import { createStatus } from "./status.ts";
import { formatTable } from "./table.ts";

/**
 * Above this share of the available memory, the checkpoints, previews and measurements of a long
 * run may not fit.
 */
const ALMOST = 0.9;

/** Which plan to print. */
export interface PrintPlanOptions {
  folder: RunFolder | undefined;
  /** The checkpoint from which the run is resumed. Default: the newest. */
  checkpoint: number | undefined;
  minutes: number | undefined;
  json: boolean;
}

/** Briefly measures every phase that is still ahead, and prints them as a table. */
export async function printPlan(
  run: PreparedRun,
  { folder, checkpoint: at, minutes, json }: PrintPlanOptions,
): Promise<void> {
  const checkpoint = folder && await loadCheckpointIfAny(folder, at, run.notices, "resume");
  const past = checkpoint && pastOf(checkpoint);
  const planned = minutes === undefined
    ? undefined
    : await planRun(run, { minutes, ...(past ? { past } : {}) });
  const prepared = planned?.prepared ?? run;
  const { spec, dataset, backend } = prepared;
  const phases = checkpoint && phasesOn(prepared, checkpoint), imagesSeen = past?.imagesSeen;
  expectBatches(spec.run, dataset.info, { phases, imagesSeen });
  const status = createStatus(json);
  const roomBytes = availableMemory() + Deno.memoryUsage().rss;
  status.progress("Measuring each phase …");
  const probes = await probePhases({
    training: trainingOptions(prepared, dataset.info),
    phases,
    batch: (resolution, batchSize) => firstBatch(prepared, resolution, batchSize),
    known: planned?.probes ?? [],
    from: imagesSeen ?? 0,
    onPhase: ({ phase }) => status.progress(`Measured ${phase.resolution} px, ${phase.kind}`),
  });
  status.done();
  if (probes.length === 0) { // the run is already complete
    return json ? printJson({ phases: [], seconds: 0 }) : print("The schedule is over");
  }
  const seconds = probes.reduce((sum, p) => sum + p.seconds, 0);
  if (json) {
    return printJson({
      ...{ backend: backend.info, phases: probes, seconds, roomBytes },
      ...(spec.plan ? { plan: spec.plan } : {}),
    });
  }
  for (const line of prepared.told ?? []) print(`${line}\n`);
  const head = ["px", "phase", "images", "batch", "rate", "G", "D", "images/s", "memory", "time"];
  print(formatTable(
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
  // there are probes, as checked above
  const total = probes.at(-1)!.phase.end - probes[0]!.phase.start;
  print(
    `\n${formatCount(total)} images in about ${
      formatDuration(seconds)
    } on ${backend.info.library}, ` +
      `${backend.info.precision}; ${dataset.info.count} ${dataset.info.kind} of ` +
      `${dataset.info.name}`,
  );
  const most = probes.reduce((a, b) => b.memoryBytes > a.memoryBytes ? b : a);
  const needs = `${formatBytes(most.memoryBytes)} of memory at ${most.phase.resolution} px; ` +
    `this process may take ${formatBytes(roomBytes)}`;
  if (most.memoryBytes < ALMOST * roomBytes) return print(`At most ${needs}`);
  status.warn(`${needs}. Give large resolutions smaller batches (--sched), or free memory`);
}
