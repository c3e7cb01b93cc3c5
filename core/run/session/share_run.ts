/**
 * Agreement between the processes of distributed training: they train the same run, and end at the
 * same step.
 */
import type { Backend } from "../../backend/types.ts";
import { inOrder } from "../../plugin/mod.ts";
import { takeSnapshot, type TrainingState, type TrainOptions } from "../../trainer/mod.ts";
import { RunError } from "../run_error.ts";
import { decidingConfig } from "../spec/deciding_config.ts";
import { VERSION } from "../version.ts";
import type { PreparedRun } from "./prepare_run.ts";

/** @throws RunError where a phase's batch can't be divided equally among the workers */
export function expectEqualShares({ backend, phases }: Pick<TrainingState, "backend" | "phases">) {
  const workers = backend.place?.addresses.length ?? 1;
  const uneven = phases.find(({ batchSize }) => batchSize % workers !== 0);
  if (!uneven) return;
  throw new RunError(
    `Cannot share a batch out at ${uneven.resolution} px: expected one that ${workers} workers ` +
      `can divide equally, received ${uneven.batchSize}. Change --batch or --workers`,
  );
}

/**
 * Waits for all workers, and checks that they are about to train the same run. Does nothing where
 * this process trains alone.
 * @throws RunError naming the worker that differs from worker 0, and what differs
 */
export async function expectSameRun(
  { spec, loaded, dataset, backend }: PreparedRun,
  training: TrainingState,
): Promise<void> {
  const { gather, place } = backend;
  if (!gather || !place) return;
  const { files, state } = await takeSnapshot(training, {});
  const weights = Object.values(files).flatMap((entries) =>
    Object.entries(entries).flatMap(([path, { data }]) => [new TextEncoder().encode(path), data])
  );
  const facts: Record<string, unknown> = {
    "version of Cambium": VERSION,
    "TensorFlow, processor or threads": backend.info.fingerprint,
    data: dataset.info.classes?.of ?? dataset.info.digest,
    "classes that its pictures are sorted into": dataset.info.classes ?? null,
    "options": [decidingConfig(spec, inOrder(loaded)), spec.run.images, spec.run.metricsEvery],
    "place in the run": state,
    "weights": await sha256(await new Blob(weights as BlobPart[]).bytes()),
  };
  const encoder = new TextEncoder();
  const digests = await Promise.all(
    Object.values(facts).map((fact) => sha256(encoder.encode(JSON.stringify(fact)))),
  );
  const rows = await gather(Int32Array.from(digests.flat()));
  for (const [rank, row] of rows.entries()) {
    const names = Object.keys(facts).filter((_, i) =>
      [0, 1, 2, 3].some((word) => row[4 * i + word] !== rows[0]![4 * i + word]) // at least one row
    );
    if (names.length === 0) continue;
    throw new RunError(
      `Cannot train together: expected all workers to have the same, received from worker ` +
        `${rank} (${place.addresses[rank]}) other ${names.join(", ")} than worker 0 has. ` +
        `Start all with the same data, options and version`,
    );
  }
}

/** The first 128 bits of the SHA-256, as int32. */
async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<number[]> {
  const digest = new Int32Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest.subarray(0, 4)];
}

/** See `TrainOptions.agree`; undefined where this process trains alone. */
export function agreementOf({ gather }: Backend): TrainOptions["agree"] {
  if (!gather) return undefined;
  return async (own) => {
    const rows = await gather(Int32Array.of(own ? 1 : 0));
    if (own) return own;
    const rank = rows.findIndex(([isStopped]) => isStopped === 1);
    return rank < 0 ? undefined : { status: "stopped", reason: `worker ${rank} was stopped` };
  };
}
