/** `train` in a process that only starts the workers. */
import { checkBackendOptions } from "../../core/backend/mod.ts";
import type { WorkerPlace } from "../../core/backend/types.ts";
import { clusterPlace } from "../../core/workers/cluster_place.ts";
import { freeAddresses } from "../../core/workers/free_addresses.ts";
import { UsageError } from "../errors.ts";
import type { TrainFlags } from "../flags/train_flags.ts";
import { exitNow } from "../terminal/exit_now.ts";
import { createStatus } from "../terminal/status.ts";
import { launchWorkers, withoutOption } from "./launch_workers.ts";

/**
 * Starts the workers of this machine, or the single one that this process stands for in a cluster.
 * @throws UsageError where there is nothing to start
 */
export async function trainLaunched(flags: TrainFlags, argv: readonly string[]): Promise<void> {
  const { workers = 1, cluster, threads, restarts = 0 } = flags;
  if (workers > 1 && cluster !== undefined) {
    throw new UsageError(
      `Cannot use --workers ${workers} with --cluster: expected only one of them, received both. ` +
        `--cluster names every worker, and each is started with its --rank`,
    );
  }
  const place = workers > 1 ? undefined : clusterPlace(flags);
  if (workers === 1 && !place) {
    throw new UsageError(
      `Cannot use --restarts ${restarts} with one worker: expected --workers or --cluster`,
    );
  }
  checkBackendOptions({ name: flags.backend, place: place ?? { addresses: [], rank: 0 } });
  const share = Math.max(1, Math.floor(navigator.hardwareConcurrency / workers));
  const own = ["--workers", "--restarts", "--cluster", "--rank"];
  const given = ["train", ...own.reduce<string[]>(withoutOption, [...argv])];
  const isFree = workers > 1 && !threads && !flags.resume;
  const code = await launchWorkers({
    argv: isFree ? [...given, "--threads", String(share)] : given,
    places: () => placesText(place ? [place] : placesHere(workers)),
    restarts,
    tell: createStatus().warn,
  });
  if (code !== 0) exitNow(code); // the worker has reported why
}

/** Workers on this machine, at ports that are currently free. */
function placesHere(workers: number): WorkerPlace[] {
  const addresses = freeAddresses(workers);
  return addresses.map((_, rank) => ({ addresses, rank }));
}

/** Command-line arguments by rank. */
function placesText(places: readonly WorkerPlace[]): Map<number, string[]> {
  return new Map(
    places.map(({ addresses, rank }) => [
      rank,
      ["--cluster", addresses.join(), "--rank", String(rank)],
    ]),
  );
}
