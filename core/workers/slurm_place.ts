/** The cluster of a Slurm job, from the variables that srun sets for each task. */
import type { WorkerPlace } from "../backend/types.ts";
import { ConfigError } from "../config/config_layer.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** A list of more nodes is taken for a mistake: expanding it could exhaust memory. */
const MOST_NODES = 10_000;

/**
 * The SLURM_STEP_NUM_TASKS (or SLURM_NTASKS) tasks are distributed over the nodes of
 * SLURM_STEP_NODELIST (or SLURM_JOB_NODELIST) according to SLURM_STEP_TASKS_PER_NODE (or
 * SLURM_TASKS_PER_NODE), in blocks, as Slurm numbers them by default; those of one node get
 * consecutive ports.
 * @param port port of the first task of each node
 * @returns undefined outside Slurm, and for a single task
 * @throws ConfigError where the variables contradict each other
 */
export function slurmPlace(env: Env, port: number): WorkerPlace | undefined {
  const list = env.SLURM_STEP_NODELIST || env.SLURM_JOB_NODELIST;
  const tasks = Number(env.SLURM_STEP_NUM_TASKS || env.SLURM_NTASKS);
  const rank = Number(env.SLURM_PROCID || NaN);
  if (!list || Number.isNaN(rank) || !(tasks > 1)) return undefined;
  const order = env.SLURM_DISTRIBUTION;
  if (order && !/^(block|nopref|unknown|\*)/i.test(order)) {
    throw refused("tasks in blocks (srun --distribution=block)", `SLURM_DISTRIBUTION=${order}`);
  }
  const nodes = nodesOf(list);
  const counts = tasksOf(env.SLURM_STEP_TASKS_PER_NODE || env.SLURM_TASKS_PER_NODE) ??
    nodes.map(() => tasks / nodes.length);
  const addresses = nodes.flatMap((node, i) =>
    Array.from({ length: counts[i] ?? 0 }, (_, task) => `${node}:${port + task}`)
  );
  if (addresses.length !== tasks || counts.length !== nodes.length || rank >= tasks) {
    throw refused(
      `nodes that hold ${tasks} tasks`,
      `${list} with ${counts.join()} tasks a node, and rank ${rank}`,
    );
  }
  return { addresses, rank };
}

/**
 * Expands a Slurm node list such as "node[01-04,7],gpu3" or "rack[1-2]n[0-9]".
 * @throws ConfigError where the text is not a node list
 */
export function nodesOf(list: string): string[] {
  const parts = list.match(/[^,[\]]+(\[[^\]]*\][^,[\]]*)*/g) ?? [];
  if (parts.length === 0 || parts.join() !== list) throw notANodeList(list);
  const nodes = parts.flatMap((part) => expanded(part, list));
  if (nodes.length > MOST_NODES) throw notANodeList(list);
  return nodes;
}

/** Expands one name with brackets. */
function expanded(part: string, list: string): string[] {
  const [, before = "", ranges, after = ""] = /^([^[]*)\[([^\]]*)\](.*)$/.exec(part) ?? [];
  if (ranges === undefined) return [part];
  const numbers = ranges.split(",").flatMap((range) => {
    const [, from, to = from] = /^(\d+)(?:-(\d+))?$/.exec(range) ?? [];
    if (!from || !to || Number(to) < Number(from) || Number(to) - Number(from) > MOST_NODES) {
      throw notANodeList(list);
    }
    return Array.from(
      { length: Number(to) - Number(from) + 1 },
      (_, i) => String(Number(from) + i).padStart(from.length, "0"),
    );
  });
  const rest = expanded(after, list);
  if (numbers.length * rest.length > MOST_NODES) throw notANodeList(list);
  return numbers.flatMap((number) => rest.map((end) => before + number + end));
}

/** Parses tasks per node: "2(x3),1" is 2, 2, 2, 1. */
function tasksOf(text: string | undefined): number[] | undefined {
  if (!text) return undefined;
  return text.split(",").flatMap((part) => {
    const [, count, times = "1"] = /^(\d+)(?:\(x(\d+)\))?$/.exec(part) ?? [];
    if (!count || Number(times) > MOST_NODES) {
      throw refused("tasks of each node, such as 2(x3),1", `"${text}"`);
    }
    return new Array<number>(Number(times)).fill(Number(count));
  });
}

function notANodeList(list: string): ConfigError {
  return refused("a list of nodes such as node[01-04,7]", `"${list}"`);
}

function refused(expected: string, received: string): ConfigError {
  return new ConfigError(
    `Cannot read the workers from Slurm: expected ${expected}, received ${received}. Give ` +
      `--cluster and --rank instead`,
  );
}
