import type { RunStore } from "../../core/run/store/types.ts";
import { NotFound } from "../define.ts";
import { RUN_ID } from "../security/run_files.ts";

/**
 * Parses the checkpoint that a request names, which must exist in the run state.
 * @throws TypeError, NotFound
 */
export async function parseModel(
  value: unknown,
  store: RunStore,
): Promise<{ run: string; imagesSeen: number }> {
  const { run, imagesSeen } = (value ?? {}) as Record<string, unknown>; // both are checked below
  if (typeof run !== "string" || !RUN_ID.test(run) || !Number.isSafeInteger(imagesSeen)) {
    throw new TypeError("Cannot generate: expected a run and the images seen of its checkpoint");
  }
  const checkpoints = await store.checkpoints(run);
  if (!checkpoints.some((c) => c.imagesSeen === imagesSeen)) {
    throw new NotFound(`Cannot find checkpoint ${imagesSeen} of run "${run}".`);
  }
  return { run, imagesSeen: Number(imagesSeen) };
}
