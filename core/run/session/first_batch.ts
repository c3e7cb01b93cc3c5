import type { HostBatch } from "../../data.ts";
import type { PreparedRun } from "./prepare_run.ts";

/** The first batch of a run's data at a resolution. */
export async function firstBatch(
  { dataset, spec }: Pick<PreparedRun, "dataset" | "spec">,
  resolution: number,
  batchSize: number,
): Promise<HostBatch> {
  const loader = dataset.open({ resolution, batchSize, cursor: 0, seed: spec.run.seed });
  try {
    return await loader.next();
  } finally {
    loader.close();
  }
}
