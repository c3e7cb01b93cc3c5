/**
 * The addresses and rank of a process in distributed training, from flags or from variables that a
 * cluster manager sets.
 */
import type { WorkerPlace } from "../backend/types.ts";
import { slurmPlace } from "./slurm_place.ts";
import { ConfigError } from "../config/mod.ts";

/** The flags as typed. */
export interface ClusterFlags {
  /** "host:port,host:port". */
  cluster?: string | undefined;
  /** Index of this process in `cluster`. */
  rank?: number | undefined;
  /** Port of the first worker on each node of a Slurm job. Default 4701. */
  clusterPort?: number | undefined;
}

/**
 * From `--cluster` and `--rank`; or TF_CONFIG, as TensorFlow's own strategies read it:
 * `{"cluster": {"worker": ["host:port", …]}, "task": {"type": "worker", "index": 0}}`; or a Slurm
 * job. The rank may come from SLURM_PROCID or Kubernetes' JOB_COMPLETION_INDEX where `--cluster` is
 * given.
 * @returns undefined where this process trains alone
 * @throws ConfigError where flags or variables are missing or contradict each other
 */
export function clusterPlace(
  { cluster, rank, clusterPort = 4701 }: ClusterFlags,
  env: Readonly<Record<string, string | undefined>> = Deno.env.toObject(),
): WorkerPlace | undefined {
  if (cluster === undefined) {
    if (rank !== undefined) throw refused("--cluster beside --rank", "none");
    return env.TF_CONFIG ? placeOfTfConfig(env.TF_CONFIG) : slurmPlace(env, clusterPort);
  }
  const told = rank ?? numberOf(env.SLURM_PROCID) ?? numberOf(env.JOB_COMPLETION_INDEX);
  if (told === undefined) throw refused("--rank beside --cluster", "none");
  return checked(cluster.split(",").map((address) => address.trim()), told);
}

function placeOfTfConfig(text: string): WorkerPlace | undefined {
  const wanted = 'TF_CONFIG as {"cluster": {"worker": […]}, "task": {"type": "worker", …}}';
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw refused(wanted, text);
  }
  const addresses = value?.cluster?.worker, { type, index } = value?.task ?? {};
  const isPlace = Array.isArray(addresses) && type === "worker" && /^\d+$/.test(String(index));
  if (!isPlace) throw refused(wanted, text);
  return checked(addresses.map(String), Number(index));
}

function checked(addresses: string[], rank: number): WorkerPlace | undefined {
  const wrong = addresses.find((address) => {
    const [, port = 0] = /^(?:\[[\da-fA-F:.]+\]|[\w.-]+):(\d{1,5})$/.exec(address) ?? [];
    return Number(port) < 1 || Number(port) > 65_535;
  });
  if (wrong !== undefined) throw refused("addresses as host:port", `"${wrong}"`);
  const twice = addresses.find((address, i) => addresses.indexOf(address) !== i);
  if (twice !== undefined) throw refused("each address once", `${twice} twice`);
  if (!Number.isInteger(rank) || rank < 0 || rank >= addresses.length) {
    throw refused(`a rank of 0 to ${addresses.length - 1}`, String(rank));
  }
  return addresses.length > 1 ? { addresses, rank } : undefined;
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined || text === "" ? undefined : Number(text);
}

function refused(expected: string, received: string): ConfigError {
  return new ConfigError(`Cannot train together: expected ${expected}, received ${received}`);
}
